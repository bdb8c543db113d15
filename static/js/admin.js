/* Boxes of choices that Django's admin searches in (select2) are named by the label of their field. */
(function () {
  "use strict";

  function name(root) {
    root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
      const label = select.id && document.querySelector(`label[for="${select.id}"]`);
      const box = select.nextElementSibling;
      if (!label || !box) return;
      label.id = label.id || `label-${select.id}`;
      box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]").forEach((part) => {
        const value = part.getAttribute("role") === "combobox" ? part.getAttribute("aria-labelledby") : "";
        part.setAttribute("aria-labelledby", [label.id, value].filter(Boolean).join(" "));
      });
    });
  }

  window.addEventListener("load", () => setTimeout(() => name(document), 0)); // select2 draws when all is ready
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target), 0));
})();
