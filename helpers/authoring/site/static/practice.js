// Questions, predictions and reflections on a page, without a kernel. What is said to an answer was written by
// helpers/practice when the site was built and stands as JSON inside each form; this script only picks it.
// Answers are kept in this browser, and sent nowhere.
"use strict";

const KEY = "losses-and-metrics-workbook";
let kept = {};

function load() {
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    kept = {};  // storage is off or damaged: answers then last as long as the page
  }
}

function keep(form, value) {
  kept[form.id] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch { /* as above */ }
}

const dataOf = (element) => JSON.parse(element.querySelector("script[type='application/json']").textContent);
const say = (element, html) => { element.querySelector(".feedback").innerHTML = html; };
const sentence = (element, text) => {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  element.querySelector(".feedback").replaceChildren(paragraph);
};

// A number as people write it, as in helpers/practice/questions.py: "$3.50", "75 %", "1,000" or "3,5".
function numberFrom(text) {
  let bare = text.trim().replace(/^[$€% ]+|[$€% ]+$/g, "");
  const parts = bare.split(",");
  bare = parts.length === 2 && !bare.includes(".") && parts[1].length !== 3 ? parts.join(".") : parts.join("");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare) ? Number(bare) : NaN;
}

// Which of the things to say fits an order: its own, or "2C" for two lines in place and then C.
function keyOfOrder(order, said) {
  if (order in said) return order;
  const inPlace = (right) => [...right].findIndex((letter, i) => letter !== order[i]);
  const place = Math.max(...said.right.map(inPlace));
  return `${place}${order[place]}`;
}

// Which of the things to say fits a number, by the rules of helpers/practice/questions.py.
function keyOfNumber(made, data) {
  const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance * Math.max(Math.abs(b), 1e-9);
  if (near(made, data.actual, 0.005)) return "right";
  if (near(made, data.actual, data.tolerance)) return "close";
  const known = data.near.map((value, i) => ({ value, i }))
    .sort((a, b) => Math.abs(made - a.value) - Math.abs(made - b.value))
    .find(({ value }) => near(made, value, 0.1));
  if (known) return `near${known.i}`;
  return made > data.actual ? "high" : "low";
}

function answerOf(form) {
  const list = form.querySelector(".lines");
  if (list) return [...list.children].map((line) => line.dataset.letter).join("");
  const field = form.querySelector("textarea, input[type='text']");
  return field ? field.value.trim() : form.querySelector("input:checked")?.value ?? "";
}

function putBack(form, value) {
  const list = form.querySelector(".lines");
  const field = form.querySelector("textarea, input[type='text']");
  if (list) {
    for (const letter of value) list.append(list.querySelector(`[data-letter="${letter}"]`));
  } else if (field) {
    field.value = value;
  } else {
    const option = form.querySelector(`input[value="${value}"]`);
    if (option) option.checked = true;
  }
}

// What is wrong with an answer as such, or "".
function objection(form, answer, data) {
  if (answer === "") return form.dataset.kind === "reflection" ? "Write a few words first." : "Choose an answer first.";
  if (!form.querySelector("input[type='text']")) return "";
  const value = numberFrom(answer);
  const [low, high] = data.range ?? [-Infinity, Infinity];
  if (!Number.isFinite(value)) return "A number is asked for.";
  return low <= value && value <= high ? "" : `A number between ${low} and ${high} is asked for.`;
}

function tell(form, answer, data) {
  const kind = form.dataset.kind;
  if (kind === "prediction") {
    sentence(form, "Recorded. Now read on, and compare.");
    compare(form.dataset.id, answer);
  } else if (kind === "reflection") {
    sentence(form, "Kept in this browser.");
  } else {
    say(form, data.said[kind === "order" ? keyOfOrder(answer, data.said) : answer]);
  }
}

// Hold a prediction against what came out, and show what waited for it.
function compare(id, answer) {
  for (const box of document.querySelectorAll(`.comparison[data-id="${id}"]`)) {
    const data = dataOf(box);
    if (data.actual === null) {
      say(box, data.said[answer]);
    } else {
      const made = numberFrom(answer);
      say(box, data.said[keyOfNumber(made, data)].replace("{made}", made.toLocaleString("en-US") + data.unit));
    }
  }
  for (const cell of document.querySelectorAll(`[class*="tag_waits-"]`)) {
    const ids = [...cell.classList].filter((name) => name.startsWith("tag_waits-"))
      .map((name) => `prediction-${name.slice("tag_waits-".length)}`);
    if (ids.every((waited) => waited in kept)) {
      for (const folded of cell.querySelectorAll("details")) folded.open = true;
    }
  }
}

function move(button) {
  const line = button.closest("li");
  const list = line.parentElement;
  const lines = [...list.children];
  const place = lines.indexOf(line) + Number(button.dataset.move);
  if (place < 0 || place >= lines.length) return;
  list.insertBefore(line, button.dataset.move === "1" ? lines[place].nextSibling : lines[place]);
  button.focus();
  sentence(button.form, `Now line ${place + 1} of ${lines.length}: ${line.querySelector(".line").textContent}`);
}

function start(form) {
  const data = dataOf(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = answerOf(form);
    const problem = objection(form, answer, data);
    if (problem) {
      sentence(form, problem);
      return;
    }
    keep(form, answer);
    tell(form, answer, data);
  });
  form.addEventListener("click", (event) => {
    if (event.target.dataset.move) move(event.target);
  });
  if (form.id in kept) {
    putBack(form, kept[form.id]);
    tell(form, kept[form.id], data);
  }
}

// What scrolls sideways must be reached by the keyboard.
function letKeyboardScroll() {
  for (const box of document.querySelectorAll("article pre, .table-wrapper, .cell_output .output, div.math")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

letKeyboardScroll();
addEventListener("resize", letKeyboardScroll);
document.addEventListener("toggle", letKeyboardScroll, true);  // what was folded had no width

load();
document.querySelectorAll("form.practice").forEach(start);
document.getElementById("forget")?.addEventListener("click", (event) => {
  kept = {};
  try {
    localStorage.removeItem(KEY);
  } catch { /* nothing was kept */ }
  event.target.nextElementSibling.textContent = "Forgotten.";
});
