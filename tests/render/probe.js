// Looks at every letter on the page, each in a frame of its own, and leaves what is wrong in <pre id="findings">.
"use strict";

// A colour as red, green, blue (0 to 255) and opacity (0 to 1).
function colour(text) {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return numbers.length === 3 ? [...numbers, 1] : numbers.slice(0, 4);
}

// One colour laid over another.
function over(top, ground) {
  const opacity = top[3] + ground[3] * (1 - top[3]);
  if (opacity === 0) return [0, 0, 0, 0];
  const mix = index => (top[index] * top[3] + ground[index] * ground[3] * (1 - top[3])) / opacity;
  return [mix(0), mix(1), mix(2), opacity];
}

// WCAG 2, relative luminance.
function luminance(rgb) {
  const [red, green, blue] = rgb.slice(0, 3).map(value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// What the eye sees of an element's letters, and of the ground behind them.
function seen(element, view, canvas) {
  let letters = colour(view.getComputedStyle(element).color);
  let ground = [0, 0, 0, 0];
  for (let at = element; at; at = at.parentElement) {
    const style = view.getComputedStyle(at);
    const own = colour(style.backgroundColor);
    const opacity = Number(style.opacity);
    letters = over(letters, own);
    ground = over(ground, own);
    letters[3] *= opacity;
    ground[3] *= opacity;
  }
  return [over(letters, canvas), over(ground, canvas)];
}

function isShown(element) {
  return element.getClientRects().length > 0;
}

function overflow(page, view, report) {
  const width = view.innerWidth;
  if (page.documentElement.scrollWidth > width) {
    report("overflow", "the page is " + page.documentElement.scrollWidth + " px wide");
  }
  for (const element of page.body.querySelectorAll("*")) {
    const right = element.getBoundingClientRect().right;
    if (isShown(element) && right > width + 1) {
      report("overflow", element.tagName + " ends at " + Math.round(right) + " px: " + element.textContent.trim().slice(0, 60));
    }
  }
}

function legibility(page, view, report) {
  const sample = page.body.appendChild(page.createElement("i"));
  sample.style.color = "Canvas";
  const canvas = colour(view.getComputedStyle(sample).color);
  sample.remove();
  const texts = page.createTreeWalker(page.body, view.NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!words || !isShown(element) || ["STYLE", "SCRIPT", "TITLE"].includes(element.tagName)) continue;
    const style = view.getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(...seen(element, view, canvas));
    if (ratio < (isLarge ? 3 : 4.5)) {
      report("contrast", ratio.toFixed(2) + " of " + style.color + ": " + words.slice(0, 60));
    }
    if (size < 12) report("size", size + " px: " + words.slice(0, 60));
  }
}

window.addEventListener("load", () => {
  const findings = [];
  const heights = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const [page, view] = [frame.contentDocument, frame.contentWindow];
    const report = (what, detail) => findings.push({ letter: frame.title, width: view.innerWidth, what, detail });
    if (view.matchMedia("(prefers-color-scheme: dark)").matches !== EXPECTED_DARK) report("scheme", "it is the other one");
    overflow(page, view, report);
    legibility(page, view, report);
    heights[frame.title] ??= page.documentElement.scrollHeight;
  }
  // Plain ASCII without markup, so that whoever reads the page need not know HTML.
  const escaped = c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0");
  const text = JSON.stringify({ findings, heights }).replace(/[^ -~]|[<>&]/g, escaped);
  document.body.textContent = "";
  const out = document.body.appendChild(document.createElement("pre"));
  out.id = "findings";
  out.textContent = text;
});
