// A slip's QR code carries its code behind the #, which is never sent to a server. Put it into the field, and out of the
// address, so that it stays in no history.

const field = document.querySelector("[data-code]");
const code = decodeURIComponent(location.hash.slice(1));

if (field && /^[A-Za-z0-9-]{8,40}$/.test(code)) {
  history.replaceState(null, "", location.pathname);
  field.value = code;
  field.form.querySelector('button[type="submit"]').focus();
}
