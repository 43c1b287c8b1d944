// Ticks, or unticks, every row that is shown.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  const boxes = () => [...button.form.querySelectorAll(`input[type=checkbox][name="${button.dataset.tickAll}"]`)];
  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = wanted;
  });
}
