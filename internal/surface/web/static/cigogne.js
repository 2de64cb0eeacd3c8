// What a script adds to pages that work without one: progress while a question
// is answered, tables that sort, a button that copies an answer's address.
"use strict";

const words = document.documentElement.lang === "en"
  ? { sort: "Sort by", copied: "Link copied", copy: "Copy the link", thanks: "Thank you, noted.", why: "Say what is wrong", lost: "The connection was lost. Ask again.", read: "{n} of {of} read, noted on this device only" }
  : { sort: "Trier par", copied: "Lien copié", copy: "Copier le lien", thanks: "Merci, c’est noté.", why: "Dire ce qui est faux", lost: "La connexion s’est interrompue. Redemandez.", read: "{n} sur {of} lues, noté sur cet appareil seulement" };

const say = (text, busy) => {
  const p = document.getElementById("progress");
  if (!p) return;
  p.textContent = text;
  p.classList.toggle("busy", Boolean(busy));
};

const fault = (text) => {
  const p = document.getElementById("fault");
  p.textContent = text;
  p.hidden = !text;
};

// events calls on(name, data) for each server-sent event of a response.
async function events(response, on) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const name = /^event: (.*)$/m.exec(part), data = /^data: (.*)$/m.exec(part);
      if (data) on(name ? name[1] : "", JSON.parse(data[1]));
    }
  }
}

let asking = false;

// ask sends a form's question and puts the answer below the others.
async function ask(form, question) {
  const main = document.getElementById("ask");
  const button = main.querySelector("button");
  const body = new URLSearchParams({ question, conversation: main.elements.conversation.value });
  asking = true;
  button.disabled = true;
  fault("");
  say("…", true);
  let answered = false;
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "text/event-stream" } });
    if (!response.ok) {
      fault(await response.text());
      say("");
      return;
    }
    await events(response, (name, data) => {
      if (name === "progress") say(data.text, true);
      if (name === "fault") { answered = true; fault(data.text); say(""); }
      if (name !== "answer") return;
      answered = true;
      const turns = document.getElementById("turns");
      turns.insertAdjacentHTML("beforeend", data.html);
      const turn = turns.lastElementChild;
      enhance(turn);
      main.elements.conversation.value = data.conversation;
      main.elements.question.value = "";
      history.replaceState(null, "", data.url + "#" + data.id);
      document.title = data.title + " · Cigogne";
      document.querySelectorAll(".hello, .ideas").forEach((x) => x.remove());
      document.querySelector(".reach").classList.add("low");
      document.querySelector(".anew").hidden = false;
      say("");
      const asked = turn.querySelector(".asked");
      asked.focus({ preventScroll: true });
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      asked.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    });
    if (!answered) throw new Error("no answer");
  } catch {
    fault(words.lost);
    say("");
  } finally {
    asking = false;
    button.disabled = false;
  }
}

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (!document.getElementById("turns") || !(form.matches(".ask") || form.querySelector("button[name=question]"))) return;
  const question = (e.submitter && e.submitter.name === "question" ? e.submitter.value : form.elements.question.value).trim();
  e.preventDefault();
  if (!asking && question) ask(form, question);
});

// Enter asks, Shift+Enter breaks the line; never while an accent is composed.
document.addEventListener("keydown", (e) => {
  if (e.target.matches("textarea#question") && e.key === "Enter" && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    e.target.form.requestSubmit();
  }
});

// sortable makes the headings of a table buttons that sort it.
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  if (body.rows.length < 2) return;
  heads.forEach((th, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    button.title = words.sort + " " + th.textContent;
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") === "ascending" || (!th.hasAttribute("aria-sort") && th.classList.contains("n"));
      heads.forEach((x) => x.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[i].dataset.sort;
      const number = th.classList.contains("n");
      const rows = [...body.rows].sort((a, b) => {
        const x = key(a), y = key(b);
        if (!x || !y) return (x ? 0 : 1) - (y ? 0 : 1); // empty cells last, either way
        const order = number ? x - y : x.localeCompare(y, document.documentElement.lang, { numeric: true });
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}

// copying makes a link to an answer a button that copies it.
function copying(link) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.href);
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 2500);
  });
  link.after(button);
}

// judging sends an opinion without leaving the page; a wrong answer's reason
// is asked on the answer's own page.
function judging(form) {
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const body = new URLSearchParams({ right: e.submitter.value });
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (!response || !response.ok) return;
    const p = document.createElement("p");
    p.setAttribute("role", "status");
    p.tabIndex = -1;
    p.textContent = words.thanks + " ";
    if (e.submitter.value === "no") {
      const why = document.createElement("a");
      why.href = form.getAttribute("action").replace(/\/judge(\?|$)/, "?said=no&") + "#judge";
      why.textContent = words.why;
      p.append(why);
    }
    form.replaceWith(p);
    p.focus();
  });
}

// going notes on this device alone which steps of the path were read.
function going(steps) {
  const key = "cigogne.discover";
  let read;
  try { read = new Set(JSON.parse(localStorage.getItem(key) || "[]")); } catch { return; }
  const all = [...steps.querySelectorAll("details[data-step]")];
  const says = steps.previousElementSibling;
  const tell = () => {
    const n = all.filter((d) => read.has(d.dataset.step)).length;
    all.forEach((d) => d.closest(".stop").classList.toggle("read", read.has(d.dataset.step)));
    says.hidden = n === 0;
    says.textContent = words.read.replace("{n}", n).replace("{of}", all.length);
  };
  all.forEach((d) => d.addEventListener("toggle", () => {
    if (!d.open || read.has(d.dataset.step)) return;
    read.add(d.dataset.step);
    try { localStorage.setItem(key, JSON.stringify([...read].slice(-200))); } catch { /* full, or not allowed: it is told all the same */ }
    tell();
  }));
  tell();
}

function enhance(root) {
  root.querySelectorAll("form.judge").forEach(judging);
  root.querySelectorAll("table.sortable").forEach(sortable);
  root.querySelectorAll("a.lasting").forEach(copying);
  root.querySelectorAll(".stops").forEach(going);
}

enhance(document);
