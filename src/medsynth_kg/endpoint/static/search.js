// Suggestions below the search boxes: a combobox with a list box, after the ARIA Authoring Practices Guide.
// Without this script the boxes are plain forms.
"use strict";

const PAUSE = 120; // milliseconds without a key before a request

class Suggestions {
  constructor(form) {
    this.address = form.dataset.suggest;
    this.input = form.querySelector("input[type=search]");
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    this.input.after(this.list, this.status);
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.chosen = -1;
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    // A press on the list must not take the focus away before its click is heard.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  wait() {
    clearTimeout(this.timer);
    this.request?.abort();
    const text = this.input.value.trim();
    if (!text) this.close();
    else this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  async ask(text) {
    this.request = new AbortController();
    try {
      const response = await fetch(`${this.address}?${new URLSearchParams({ q: text })}`, {
        signal: this.request.signal,
        headers: { Accept: "application/json" },
      });
      if (response.ok) this.show((await response.json()).results);
      else this.close();
    } catch (error) {
      // The form works without suggestions, whether the request was given up or the network failed.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(results) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(...results.map((result, number) => this.option(result, number)));
    this.choose(-1);
    this.list.hidden = results.length === 0;
    this.input.setAttribute("aria-expanded", String(results.length > 0));
    this.status.textContent = results.length === 1 ? "1 suggestion" : `${results.length} suggestions`;
  }

  option(result, number) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.address = result.address;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = result.kind;
    item.append(kind, ` ${result.label}`);
    return item;
  }

  press(event) {
    const count = this.list.hidden ? 0 : this.list.children.length;
    if (event.key === "Escape" && count) {
      this.close();
    } else if (event.key === "Enter" && this.chosen >= 0) {
      this.go(this.list.children[this.chosen]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      // One place more than there are options stands for the text field itself.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(((this.chosen + 1 + step + count + 1) % (count + 1)) - 1);
    } else {
      return;
    }
    event.preventDefault();
  }

  choose(number) {
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = number;
    const item = this.list.children[number];
    if (item) {
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  go(item) {
    if (item) location.assign(item.dataset.address);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Suggestions(form);
