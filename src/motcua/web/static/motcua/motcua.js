// Keys of the officer front, and forms that survive a lost connection or a closed browser. Pages work without it.
(() => {
  "use strict";
  const rows = () => Array.from(document.querySelectorAll("tr[data-href]"));
  let current = -1;
  const show = (index) => {
    const all = rows();
    if (!all.length) return;
    if (all[current]) all[current].classList.remove("is-current");
    current = Math.max(0, Math.min(index, all.length - 1));
    all[current].classList.add("is-current");
    all[current].scrollIntoView({ block: "nearest" });
    const link = all[current].querySelector("a");
    if (link) link.focus({ preventScroll: true });
  };
  const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    const key = event.key;
    if (key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      const open = Array.from(document.querySelectorAll("details[open]")).find((one) => one.contains(event.target) && one.querySelector("form, div a"));
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (key === "j" || key === "k") {
      event.preventDefault(); show(current + (key === "j" ? 1 : -1));
    } else if (key === " " && rows()[current] && event.target.closest("tr") === rows()[current]) {
      const box = rows()[current].querySelector("input[type=checkbox]");
      if (box && event.target !== box) { event.preventDefault(); box.click(); }
    } else if (key === "?") {
      const help = document.getElementById("phim-tat");
      if (help) { event.preventDefault(); help.showModal(); }
    } else {
      const act = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (act) { event.preventDefault(); if (act.tagName === "DETAILS") { act.open = true; const first = act.querySelector("input:not([type=hidden]), select, textarea, button"); if (first) first.focus(); } else { act.click(); } }
    }
  });

  // A slider moves the number beside it, and the number the slider; only the number is sent.
  document.addEventListener("input", (event) => {
    const slider = event.target;
    if (slider.dataset && slider.dataset.sets) document.getElementById(slider.dataset.sets).value = slider.value;
    const beside = slider.id && document.querySelector(`input[data-sets="${CSS.escape(slider.id)}"]`);
    if (beside && slider.value) beside.value = slider.value;
  });

  // What is typed into a form marked data-keep stays in this browser until the form has been accepted.
  const place = (form) => `motcua:${location.pathname}:${form.dataset.keep}`;
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const saved = sessionStorage.getItem(place(form));
    if (saved) {
      for (const [name, value] of JSON.parse(saved)) {
        const field = form.elements.namedItem(name);
        if (field && "value" in field && field.type !== "hidden" && field.type !== "file" && !field.value) field.value = value;
      }
    }
    form.addEventListener("input", () => {
      const values = Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
      sessionStorage.setItem(place(form), JSON.stringify(values));
    });
  });
  document.querySelectorAll("[data-forget]").forEach((mark) => {
    Object.keys(sessionStorage).filter((key) => key.endsWith(`:${mark.dataset.forget}`)).forEach((key) => sessionStorage.removeItem(key));
  });

  // The bar that assigns says how many rows are ticked.
  const bulk = document.querySelector("[data-bulk]");
  if (bulk) {
    const label = bulk.querySelector("[data-bulk-count]");
    const tell = () => { const count = document.querySelectorAll("input[name=ho_so]:checked").length; label.textContent = count ? `${count} hồ sơ đã chọn` : "Chưa chọn hồ sơ nào"; };
    document.addEventListener("change", tell);
    tell();
  }
  const first = document.querySelector("[data-first]");
  if (first) first.focus();
  // Opening an act by mouse or key leads to its first field.
  document.querySelectorAll(".mc-acts details").forEach((act) => act.addEventListener("toggle", () => {
    const field = act.open && !first && act.querySelector("input:not([type=hidden]), select, textarea, button");
    if (field) field.focus();
  }));

  // A passkey that the browser refuses or the person breaks off: say so where they look, not in the console.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const form = document.querySelector("form.mc-form");
    const note = form.querySelector("[data-passkey-fault]") || form.insertAdjacentElement("afterbegin", document.createElement("div"));
    note.dataset.passkeyFault = note.className = "mc-note bad";
    note.setAttribute("role", "alert");
    const reason = event.detail.exception.name;
    note.textContent = reason === "SecurityError" ? "Trình duyệt chỉ dùng khóa bảo mật ở địa chỉ HTTPS của cơ quan. Hãy mở trang bằng địa chỉ đó."
      : reason === "InvalidStateError" ? "Khóa này đã được thêm vào tài khoản. Hãy dùng khóa khác."
      : "Chưa dùng được khóa bảo mật: thao tác bị hủy, hết giờ hoặc khóa không thuộc tài khoản này. Hãy thử lại.";
  });

  document.addEventListener("click", (event) => {
    // A row is its link, but for what in it can itself be clicked, and for selecting text.
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, label, select") && !String(window.getSelection())) { const link = row.querySelector("a"); if (link) link.click(); }
    const account = event.target.closest("[data-login]");
    if (account) {
      const form = document.querySelector("form.mc-form");
      form.elements.namedItem("login").value = account.dataset.login;
      form.elements.namedItem("password").value = account.dataset.password;
      form.requestSubmit();
    }
    const button = event.target.closest("[data-copy]");
    if (button && navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = "Đã chép"; });
  });
})();
