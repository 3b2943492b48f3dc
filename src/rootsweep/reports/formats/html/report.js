"use strict";
// The page is whole without this script: it only narrows, sorts and copies what stands there already.
(() => {
  const table = document.getElementById("account-table");

  const addCopyButtons = () => {
    for (const block of document.querySelectorAll(".copied")) {
      const lines = block.querySelector("pre");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.setAttribute("aria-describedby", lines.id);
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(lines.textContent.trimEnd());
          button.textContent = "Copied";
        } catch {
          // A browser may keep the clipboard from a file: what is selected can be copied by hand.
          getSelection().selectAllChildren(lines);
          button.textContent = "Selected";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      block.append(button);
    }
  };

  const openForPrint = () => {
    addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("details:not([open])")) {
        details.open = true;
        details.dataset.closed = "";
      }
    });
    addEventListener("afterprint", () => {
      for (const details of document.querySelectorAll("details[data-closed]")) {
        details.open = false;
        delete details.dataset.closed;
      }
    });
  };

  // A browser that does not open what a link leads into is helped.
  const openTarget = (hash) => {
    const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
    const details = target?.closest("details:not([open])");
    if (details) {
      details.open = true;
      target.scrollIntoView();
    }
  };

  addCopyButtons();
  openForPrint();
  addEventListener("hashchange", () => openTarget(location.hash));
  openTarget(location.hash);
  if (table === null) return;

  const COLUMNS = ["account", "name", "verdict", "severity", "reason", "keys", "state", "as-of"];
  const RANKS = {
    verdict: ["NON_COMPLIANT", "INSUFFICIENT_DATA", "NOT_APPLICABLE", "COMPLIANT"],
    severity: ["CRITICAL", "HIGH", ""],
  };
  const FILTERS = ["verdict", "severity", "reason", "state", "excepted"];
  const PREFIX = "#accounts?";
  const form = document.getElementById("account-filters");
  const showing = document.getElementById("showing");
  const nothing = document.getElementById("nothing");
  const headings = [...table.tHead.rows[0].cells];
  const number = new Intl.NumberFormat("en-US");
  const collator = new Intl.Collator("en", { numeric: true });
  const rowsABody = Number(table.dataset.rows);
  let sorted = { column: "", ascending: true };
  let accounts = null;

  const readRow = (row, place) => {
    const texts = Array.from(row.cells, (cell) => cell.textContent);
    const verdict = row.cells[2].firstElementChild.textContent;
    return {
      row,
      place,
      texts,
      sought: `${texts[0]}\n${texts[1]}\n${row.dataset.keys ?? ""}`.toLowerCase(),
      verdict,
      severity: texts[3],
      reason: texts[4].split(" "),
      state: texts[6],
      excepted: row.cells[2].childElementCount > 1 ? "yes" : "no",
    };
  };

  // Read when first needed, so that a large page opens sooner.
  const inOrder = () => (accounts ??= Array.from(table.querySelectorAll("tbody tr"), readRow));

  const fits = (one, wanted) => wanted.every(([name, value]) => {
    if (name === "search") return one.sought.includes(value);
    return name === "reason" ? one.reason.includes(value) : one[name] === value;
  });

  const wantedValues = () => {
    const wanted = [];
    for (const name of FILTERS) {
      const value = form.elements[name].value;
      if (value !== "*") wanted.push([name, value]);
    }
    const search = form.elements.search.value.trim().toLowerCase();
    if (search) wanted.push(["search", search]);
    return wanted;
  };

  const newBody = (some, hidden) => {
    const body = document.createElement("tbody");
    body.hidden = hidden;
    body.append(...some.map((one) => one.row));
    return body;
  };

  // Bodies of some rows each, as in the page itself: a browser passes over those that are out of sight.
  const placeRows = (shown, hidden) => {
    const bodies = document.createDocumentFragment();
    for (const old of [...table.tBodies]) old.remove();
    for (let first = 0; first < shown.length; first += rowsABody) {
      bodies.append(newBody(shown.slice(first, first + rowsABody), false));
    }
    for (let first = 0; first < hidden.length; first += rowsABody) {
      bodies.append(newBody(hidden.slice(first, first + rowsABody), true));
    }
    table.append(bodies);
  };

  const arrange = () => {
    const wanted = wantedValues();
    const shown = [];
    const hidden = [];
    for (const one of inOrder()) (fits(one, wanted) ? shown : hidden).push(one);
    placeRows(shown, hidden);
    const all = accounts.length;
    showing.textContent = `Showing ${number.format(shown.length)} of ${number.format(all)} account${all === 1 ? "" : "s"}`;
    nothing.hidden = shown.length > 0;
    remember(wanted);
  };

  const compare = (column) => {
    const index = COLUMNS.indexOf(column);
    if (column === "") return (a, b) => a.place - b.place;
    if (column in RANKS) return (a, b) => RANKS[column].indexOf(a[column]) - RANKS[column].indexOf(b[column]);
    if (column === "name" || column === "keys") return (a, b) => collator.compare(a.texts[index], b.texts[index]);
    return (a, b) => (a.texts[index] < b.texts[index] ? -1 : Number(a.texts[index] > b.texts[index]));
  };

  const sort = (column, ascending) => {
    if (column === sorted.column && ascending === sorted.ascending) return;
    sorted = { column, ascending };
    const order = compare(column);
    const direction = ascending ? 1 : -1;
    inOrder().sort((a, b) => direction * order(a, b) || a.place - b.place);
    headings.forEach((heading, index) => {
      if (COLUMNS[index] === column) heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      else heading.removeAttribute("aria-sort");
    });
  };

  // The state is kept in the address, so that a view can be bookmarked, and the way back from a record leads to it.
  const remember = (wanted) => {
    const state = new URLSearchParams(wanted);
    if (sorted.column) state.set("sort", sorted.ascending ? sorted.column : `-${sorted.column}`);
    const text = state.toString();
    history.replaceState(null, "", text ? PREFIX + text : "#accounts");
  };

  const recall = () => {
    if (!location.hash.startsWith(PREFIX)) return;
    show(location.hash.slice(PREFIX.length));
  };

  const show = (text) => {
    const state = new URLSearchParams(text);
    for (const name of FILTERS) {
      const value = state.get(name) ?? "*";
      const isKnown = [...form.elements[name].options].some((option) => option.value === value);
      form.elements[name].value = isKnown ? value : "*";
    }
    form.elements.search.value = state.get("search") ?? "";
    const sorting = state.get("sort") ?? "";
    const column = sorting.replace(/^-/, "");
    sort(COLUMNS.includes(column) ? column : "", !sorting.startsWith("-"));
    arrange();
    document.getElementById("accounts").scrollIntoView();
  };

  const reset = () => {
    sort("", true);
    arrange();
  };

  const resetNow = () => {
    form.reset();
    reset();
  };

  const addSorting = () => {
    headings.forEach((heading, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => {
        sort(COLUMNS[index], sorted.column === COLUMNS[index] ? !sorted.ascending : true);
        arrange();
      });
      heading.dataset.label = heading.textContent;
      heading.replaceChildren(button);
    });
  };

  const leadBack = (event) => {
    const link = event.target.closest("a");
    if (link === null) return;
    if (link.dataset.filter !== undefined) {
      event.preventDefault();
      history.pushState(null, "", PREFIX + link.dataset.filter);
      recall();
      form.elements.verdict.focus({ preventScroll: true });
    } else if (link.classList.contains("back")) {
      // A row that the filters hide cannot be gone to.
      const row = document.getElementById(link.hash.slice(1));
      if (row.parentElement.hidden) resetNow();
    }
  };

  addSorting();
  form.addEventListener("input", arrange);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(reset));
  form.elements.search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.elements.search.value = "";
    arrange();
  });
  nothing.querySelector("button").addEventListener("click", () => {
    form.reset();
    form.elements.search.focus();
  });
  document.addEventListener("click", leadBack);
  addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();
