// Turns the slides: by keys, by buttons, by the address (…#12); a second window with the notes goes along.
"use strict";
const slides = [...document.querySelectorAll(".slide")], root = document.documentElement;
const place = document.getElementById("place"), notesButton = document.getElementById("notes");
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"], ON = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
let now = 0, other = window.opener;

// a slide with much text gets smaller letters until it fits
function fit(slide) {
  const shown = slide.querySelector(".shown");
  if (root.classList.contains("speaking")) return;
  let size = 1;
  shown.style.fontSize = "";
  while (shown.scrollHeight > shown.clientHeight + 1 && size > 0.5) shown.style.fontSize = `${size -= 0.05}em`;
}

function show(number, tell = true) {
  now = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
  fit(slides[now]);
  const heading = slides[now].querySelector("h1, h2");
  place.textContent = `${now + 1} of ${slides.length}`;
  heading.focus({ preventScroll: true });
  history.replaceState(null, "", `#${now + 1}`);
  if (tell && other && !other.closed) other.postMessage({ slide: now }, "*");
}

function note(on = !root.classList.contains("noted")) {
  root.classList.toggle("noted", on);
  notesButton.setAttribute("aria-pressed", on);
  fit(slides[now]);
}

function speak() {
  other = window.open(`${location.pathname}?notes#${now + 1}`, "notes", "width=900,height=700");
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const button = event.target.closest("button");
  if (button && [" ", "Enter"].includes(event.key)) return;  // a button is pressed, not a slide turned
  if (event.target.closest(".notes") && ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(event.key)) return;
  if (ON.includes(event.key)) show(now + 1);
  else if (BACK.includes(event.key)) show(now - 1);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key.toLowerCase() === "n") note();
  else if (event.key.toLowerCase() === "s") speak();
  else return;
  event.preventDefault();
});
document.getElementById("back").addEventListener("click", () => show(now - 1));
document.getElementById("on").addEventListener("click", () => show(now + 1));
notesButton.addEventListener("click", () => note());
document.getElementById("speaker").addEventListener("click", speak);
window.addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
window.addEventListener("resize", () => fit(slides[now]));
window.addEventListener("message", event => {
  if (Number.isInteger(event.data?.slide) && event.data.slide !== now) show(event.data.slide, false);
});

root.classList.add("turning");
document.querySelectorAll(".notes").forEach(notes => { notes.tabIndex = 0; });  // they scroll, by keyboard too
if (location.search === "?notes") {
  root.classList.add("speaking");
  note(true);
}
show(Number(location.hash.slice(1)) - 1 || 0, false);
