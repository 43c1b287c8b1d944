// A button that copies the text of a field; without scripts it stays hidden and people select the text themselves.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      words.setAttribute("role", "status");
      words.textContent = words.dataset.copied;
    } catch {
      field.focus(); // selected: the person's own keys copy it
    }
  });
}
