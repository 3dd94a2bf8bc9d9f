// Elements in one line: element("p", { class: "note" }, "text", child), and the same for SVG.

export const element = (tag, attributes, ...children) =>
  filled(document.createElement(tag), attributes, children);

export const drawn = (tag, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function filled(node, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

export const button = (label, title, onclick) =>
  element("button", { type: "button", "aria-label": title, title, onclick }, label);

export function checkbox(label, checked, changed) {
  const box = element("input", { type: "checkbox", checked, onchange: () => changed(box.checked) });
  return element("label", { class: "lab-check" }, box, label);
}
