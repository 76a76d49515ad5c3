"use strict";
// Adds sorting, filtering and one table instead of two where rows are folded away; without it the tables are complete and in order of weight.
const tables = new Map();
const texts = new WeakMap();
const textOf = row => {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
};
for (const table of document.querySelectorAll("table.sortable")) {
  tables.set(table.id, { table, body: table.tBodies[0], most: Infinity, words: [], output: null });
}
const show = entry => {
  let shown = 0;
  for (const row of entry.body.rows) {
    const fits = entry.words.every(word => textOf(row).includes(word));
    row.hidden = !fits || (entry.words.length === 0 && shown >= entry.most);
    shown += row.hidden ? 0 : 1;
  }
  if (entry.output) entry.output.textContent = entry.output.parentElement.dataset.rows.replace("{shown}", shown).replace("{total}", entry.body.rows.length);
  if (entry.more) entry.more.hidden = entry.words.length > 0 || entry.most === Infinity;
};
for (const fold of document.querySelectorAll("details[data-of]")) {
  const entry = tables.get(fold.dataset.of);
  const rest = fold.querySelector("tbody");
  entry.most = entry.body.rows.length;
  entry.body.append(...rest.rows);
  tables.delete(rest.parentElement.id);
  entry.more = document.createElement("button");
  entry.more.type = "button";
  entry.more.className = "more";
  entry.more.textContent = fold.querySelector("summary").textContent;
  entry.more.addEventListener("click", () => {
    const next = entry.body.rows[entry.most];
    entry.most = Infinity;
    show(entry);
    next.querySelector("summary,a")?.focus();
  });
  fold.replaceWith(entry.more);
}
for (const { table, body } of tables.values()) {
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
      show(tables.get(table.id));
    });
  });
}
for (const filter of document.querySelectorAll(".filter")) {
  const entry = tables.get(filter.dataset.for);
  const input = filter.querySelector("input");
  entry.output = filter.querySelector("output");
  input.addEventListener("input", () => {
    entry.words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    show(entry);
  });
  filter.hidden = false;
}
tables.forEach(show);
// A link to a fact inside a folded part opens the part.
const unfold = () => document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
addEventListener("hashchange", unfold);
unfold();
// On paper nothing can be unfolded.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details.fold").forEach(part => part.open = true);
  tables.forEach(entry => { entry.most = Infinity; show(entry); });
});
