// Forms are kept on the server while somebody types: they survive the end of a sign-in, a closed window, an empty
// battery. Every form with a text area or data-autosave takes part; data-no-autosave leaves one out. Machines are shared,
// so words are never kept in the browser. A form with data-keep-on-device (the class register) keeps what was ticked or
// chosen there as well, without names, until it was sent: where the network is gone it waits, and is sent once it is back.
// Without scripts nothing is kept, and forms work as ever.

const WAIT = 1200; // milliseconds after the last key
const FORTNIGHT = 14 * 86400000; // as long as the server keeps
const url = "/unsent";

function isKept(form) {
  const asked = form.querySelector("textarea") || "autosave" in form.dataset;
  return form.method === "post" && asked && !("noAutosave" in form.dataset) && !form.querySelector("input[type=password]");
}

function addressOf(form) {
  const path = new URL(form.getAttribute("action") || location.href, location.href).pathname;
  return form.id ? `${path}#${form.id}` : path;
}

function fieldsOf(form) {
  const hidden = new Set();
  for (const input of form.querySelectorAll("input[type=hidden]")) if (input.name !== "version") hidden.add(input.name);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.has(name));
}

function fill(form, fields) {
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) || []), value]);
  for (const control of form.elements) {
    const values = left.get(control.name) || [];
    if (!control.name || ["file", "submit", "button"].includes(control.type)) continue;
    if (control.type === "hidden" && control.name !== "version") continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else if (values.length) control.value = values.shift();
  }
  form.dispatchEvent(new Event("foyer:filled", { bubbles: true }));
}

// What was ticked or chosen, by the field's place in the form: no names, no words.
const device = {
  key: (address) => `foyer-kept ${address}`,
  read(address) {
    try {
      return JSON.parse(localStorage.getItem(this.key(address)));
    } catch {
      return null;
    }
  },
  write(address, kept) {
    try {
      localStorage.setItem(this.key(address), JSON.stringify(kept));
      return true;
    } catch {
      return false; // full, or not allowed
    }
  },
  drop(address) {
    try {
      localStorage.removeItem(this.key(address));
    } catch {
      // not allowed, so there is nothing
    }
  },
};

function choicesOf(form) {
  return [...form.elements]
    .filter((control) => control.name && (control.tagName === "SELECT" || ["checkbox", "radio"].includes(control.type)))
    .filter((control) => control.tagName === "SELECT" || control.checked)
    .map((control) => [control.name, control.value]);
}

function versionOf(form) {
  return form.elements.version?.value ?? "";
}

// Only what is chosen: words that the page holds stay as they are.
function choose(form, fields) {
  for (const control of form.elements) {
    const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.tagName === "SELECT" && values.length) control.value = values[0];
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
  }
}

function clock(iso) {
  const how = { dateStyle: "long", timeStyle: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang || "id", how).format(new Date(iso));
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.address = addressOf(form);
    this.last = this.now();
    this.isTouched = false;
    this.isOnDevice = "keepOnDevice" in form.dataset;
    this.isWaiting = false; // to be sent once the network is back
  }

  now() {
    return JSON.stringify(fieldsOf(this.form));
  }

  async start() {
    const answer = await this.ask();
    if (!answer) return;
    this.who = answer.who;
    this.words = answer.words;
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.form.addEventListener("submit", (event) => this.beforeSending(event), { capture: true });
    window.addEventListener("online", () => this.isTouched && this.again());
    const own = this.isOnDevice ? this.fromDevice() : null;
    if (own && !(answer.kept_at && new Date(answer.kept_at).getTime() > own.at)) this.offer({ ...own, fields: answer.fields });
    else if (answer.fields && JSON.stringify(answer.fields) !== this.last) this.offer(answer);
  }

  // Who is signed in now, and what is kept; null where nobody is, or nothing answers.
  async ask() {
    try {
      const answer = await fetch(`${url}?address=${encodeURIComponent(this.address)}`, { redirect: "manual" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async send(path, body) {
    try {
      return await fetch(url + path, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ address: this.address, who: this.who, ...body }),
      });
    } catch {
      return null;
    }
  }

  // What this person chose on this device and did not send; null where the register was saved meanwhile.
  fromDevice() {
    const kept = device.read(this.address);
    if (!kept || kept.who !== this.who) return null;
    const isOld = kept.version !== versionOf(this.form) || kept.at < Date.now() - FORTNIGHT;
    if (isOld) device.drop(this.address);
    return isOld || JSON.stringify(kept.chosen) === JSON.stringify(choicesOf(this.form)) ? null : kept;
  }

  later() {
    this.isTouched = true;
    if (this.isOnDevice) {
      const kept = { who: this.who, version: versionOf(this.form), at: Date.now(), chosen: choicesOf(this.form) };
      if (device.write(this.address, kept)) this.form.dispatchEvent(new Event("kept"));
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), WAIT);
  }

  // Gives whether the form may be sent: false where the sign-in has ended or is another person's.
  async keep() {
    clearTimeout(this.timer);
    const fields = fieldsOf(this.form);
    if (JSON.stringify(fields) === this.last) return true;
    let answer = await this.send("", { fields });
    if (!answer) return this.say(this.isOnDevice ? this.words.waits : this.words.offline, "attention") || false;
    if (!answer.ok && answer.status !== 413) {
      if (!(await this.renew())) return false;
      answer = await this.send("", { fields });
    }
    if (!answer?.ok) return this.say(this.words.failed, "attention") || true;
    this.last = JSON.stringify(fields);
    this.mark();
    const { kept_at, token } = await answer.json();
    this.useToken(token);
    this.say(this.words.kept.replace("{time}", clock(kept_at)), "good");
    this.form.dispatchEvent(new Event("kept"));
    return true;
  }

  // The network is back: what is not kept yet is kept, and what waits is sent, once.
  async again() {
    clearTimeout(this.retry);
    const button = this.waiting;
    if (!(await this.keep())) return;
    if (this.isWaiting) this.go(button);
  }

  go(button) {
    this.isWaiting = false;
    this.isSending = true;
    this.form.requestSubmit(button);
    this.isSending = false;
  }

  // The browser does not always say that the network is back.
  wait(button) {
    this.isWaiting = true;
    this.waiting = button;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.tryAgain(), 15000);
  }

  async tryAgain() {
    await this.again();
    if (this.isWaiting) this.wait(this.waiting);
  }

  // After a new sign-in in another window the page goes on with the new token.
  async renew() {
    const answer = await this.ask();
    if (!answer) return this.say(this.words.ended, "attention", this.words.again) || false;
    if (answer.who !== this.who) return this.say(this.words.other, "attention") || false;
    this.useToken(answer.token);
    return true;
  }

  // The sign-in may be a newer one than this page's: its forms go with the token of now.
  useToken(token) {
    for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  }

  mark() {
    if (this.form.querySelector("input[name=unsent]")) return;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "unsent", value: "1" });
    this.form.append(input);
  }

  // What is not kept yet is kept first: should the sign-in have ended, the page stands and nothing is lost.
  beforeSending(event) {
    if (this.isSending || !(this.isTouched || this.isOnDevice)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    this.last = "";
    this.keep().then((may) => {
      if (may) this.go(button);
      else if (this.isOnDevice) this.wait(button);
    });
  }

  offer(answer) {
    const box = this.box("info");
    box.querySelector("p").textContent = this.words.found.replace("{time}", clock(answer.at ?? answer.kept_at));
    const row = document.createElement("p");
    row.className = "cluster";
    const take = this.button(this.words.take, "button", () => {
      if (answer.fields) fill(this.form, answer.fields);
      if (answer.chosen) choose(this.form, answer.chosen);
      this.mark();
      this.isTouched = true;
      this.form.dispatchEvent(new Event("input", { bubbles: true }));
      box.remove();
      this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    const drop = this.button(this.words.drop, "button button--quiet", () => {
      device.drop(this.address);
      this.send("/drop", {});
      box.remove();
    });
    row.append(take, drop);
    box.querySelector(".stack").append(row);
  }

  button(words, kind, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: kind, textContent: words });
    button.addEventListener("click", act);
    return button;
  }

  box(tone) {
    const box = document.createElement("div");
    box.className = `callout callout--${tone}`;
    box.setAttribute("role", "status");
    box.dataset.unsent = tone;
    box.innerHTML = '<div class="stack stack--tight"><p></p></div>';
    this.form.before(box);
    return box;
  }

  say(words, tone, link) {
    if (tone === "good") {
      this.line?.remove();
      this.line = document.createElement("p");
      this.line.className = "hint";
      this.line.setAttribute("role", "status");
      this.line.dataset.unsent = "kept";
      this.line.textContent = words;
      this.form.append(this.line);
      this.warning?.remove();
      return;
    }
    this.warning?.remove();
    this.warning = this.box(tone);
    this.warning.querySelector("p").textContent = words;
    if (link) {
      const anchor = document.createElement("a");
      Object.assign(anchor, { href: "/sign-in", target: "_blank", textContent: link, className: "button" });
      this.warning.querySelector(".stack").append(anchor);
    }
    this.warning.scrollIntoView({ block: "center" });
  }
}

for (const form of document.querySelectorAll("form")) if (isKept(form)) new Keeper(form).start();
