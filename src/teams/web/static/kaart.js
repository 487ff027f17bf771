// The map and the tree of teams by keyboard: one stop for Tab, arrows go from one to the next (roving focus).
"use strict";

for (const hint of document.querySelectorAll("[data-met-script]")) hint.hidden = false;

function rove(links, to) {
  for (const link of links) link.setAttribute("tabindex", link === to ? "0" : "-1");
  to.focus();
}

// The map: the nearest circle in the direction of the arrow; what lies straight ahead wins from what lies aside.
const map = document.querySelector(".teams-kaartvak svg");
if (map) {
  const links = [...map.querySelectorAll("a")];
  const place = (link) => {
    const circle = link.querySelector("circle");
    return [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))];
  };
  const ways = new Map([["ArrowRight", [1, 0]], ["ArrowLeft", [-1, 0]], ["ArrowDown", [0, 1]], ["ArrowUp", [0, -1]]]);
  links.forEach((link, number) => link.setAttribute("tabindex", number ? "-1" : "0"));
  map.addEventListener("keydown", (event) => {
    const here = event.target.closest("a");
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    let to = null;
    if (event.key === "Home") to = links[0];
    else if (event.key === "End") to = links.at(-1);
    else if (ways.has(event.key)) {
      const [dx, dy] = ways.get(event.key);
      const [x, y] = place(here);
      let best = Infinity;
      for (const link of links) {
        const [u, v] = place(link);
        const ahead = (u - x) * dx + (v - y) * dy;
        const cost = ahead + 2 * Math.abs((u - x) * dy + (v - y) * dx);
        if (ahead > 1 && cost < best) [best, to] = [cost, link];
      }
      event.preventDefault();
    }
    if (!to) return;
    event.preventDefault();
    rove(links, to);
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

// The tree: each list becomes one, with the roles of a team folded away. Beside subteams they get a branch of their own.
function grow(list) {
  for (const roles of list.querySelectorAll("ul + ul.rollen")) {
    const branch = document.createElement("li");
    const head = document.createElement("span");
    head.className = "teams-boom__tak";
    head.textContent = list.dataset.rollen;
    roles.previousElementSibling.append(branch);
    branch.append(head, roles);
  }
  const links = [...list.querySelectorAll("a, .teams-boom__tak")];
  const below = (link) => [...link.parentElement.children].filter((node) => node.tagName === "UL");
  const parent = (link) => link.parentElement.parentElement.closest("li")?.querySelector(":scope > [role=treeitem]");
  const shown = () => links.filter((link) => !link.closest("ul[hidden]"));
  const fold = (link, open) => {
    link.setAttribute("aria-expanded", open);
    for (const group of below(link)) group.hidden = !open;
    link.previousElementSibling?.classList.toggle("open", open);
  };
  list.setAttribute("role", "tree");
  list.setAttribute("aria-labelledby", list.dataset.boom);
  for (const item of list.querySelectorAll("li")) item.setAttribute("role", "none");
  links.forEach((link, number) => {
    const said = link.nextElementSibling?.matches("span") ? link.nextElementSibling.textContent : "";
    link.setAttribute("role", "treeitem");
    link.setAttribute("tabindex", number ? "-1" : "0");
    if (said) link.setAttribute("aria-label", `${link.textContent}, ${said}`);
    const groups = below(link);
    if (!groups.length) return;
    groups.forEach((group, place) => {
      group.setAttribute("role", "group");
      group.id = `${list.dataset.boom}-${number}-${place}`;
    });
    link.setAttribute("aria-owns", groups.map((group) => group.id).join(" "));
    const arrow = document.createElement("button");
    arrow.type = "button";
    arrow.className = "teams-boom__pijl";
    arrow.tabIndex = -1;
    arrow.setAttribute("aria-hidden", "true");
    arrow.addEventListener("click", () => fold(link, link.getAttribute("aria-expanded") !== "true"));
    link.before(arrow);
    fold(link, !groups.some((group) => group.matches(".rollen")));
  });
  list.addEventListener("keydown", (event) => {
    const here = event.target.closest("[role=treeitem]");
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = shown();
    const at = all.indexOf(here);
    const open = here.getAttribute("aria-expanded");
    let to = null;
    if (event.key === "ArrowDown") to = all[at + 1];
    else if (event.key === "ArrowUp") to = all[at - 1];
    else if (event.key === "Home") to = all[0];
    else if (event.key === "End") to = all.at(-1);
    else if (event.key === "ArrowRight") {
      if (open === "false") fold(here, true);
      else if (open) to = all[at + 1];
    } else if (event.key === "ArrowLeft") {
      if (open === "true") fold(here, false);
      else to = parent(here);
    } else if (event.key === "Enter" && here.matches("span")) fold(here, open === "false");
    else if (event.key.length === 1 && /\S/.test(event.key) && event.key !== "/") {
      const letter = event.key.toLowerCase();
      to = [...all.slice(at + 1), ...all.slice(0, at)].find((link) => link.textContent.toLowerCase().startsWith(letter));
    } else return;
    event.preventDefault();
    if (to) rove(links, to);
  });
}

for (const list of document.querySelectorAll("[data-boom]")) grow(list);
