"use strict";
// Adds sorting and filtering; the tables are complete and in order of weight without it.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.v === undefined ? cell.firstElementChild?.matches("bdi,em") ? cell.firstElementChild.textContent : cell.textContent : Number(cell.dataset.v);
  };
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const numbers = body.rows[0].cells[at].dataset.v !== undefined;
      const was = head.getAttribute("aria-sort");
      const up = was ? was === "descending" : !numbers;
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const rows = [...body.rows].map(row => ({ row, key: key(row, at) }));
      rows.sort((a, b) => (up ? 1 : -1) * (numbers ? a.key - b.key : order.compare(a.key.trim(), b.key.trim())));
      body.append(...rows.map(entry => entry.row));
    });
  });
}
for (const filter of document.querySelectorAll(".filter")) {
  const rows = [...document.getElementById(filter.dataset.for).tBodies[0].rows];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const input = filter.querySelector("input");
  const output = filter.querySelector("output");
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = !words.every(word => texts[at].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    output.textContent = filter.dataset.rows.replace("{shown}", shown).replace("{total}", rows.length);
  };
  input.addEventListener("input", show);
  filter.hidden = false;
  show();
}
// A link to a fact inside a folded part opens the part.
const unfold = () => document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
addEventListener("hashchange", unfold);
unfold();
