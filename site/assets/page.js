// A table that is too wide for a phone scrolls; without a mouse, only what takes the focus does.
const makeTablesReachable = () => {
  for (const place of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (place.scrollWidth > place.clientWidth) {
      place.tabIndex = 0;
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", "A table that scrolls sideways");
    }
  }
};
addEventListener("load", makeTablesReachable);
addEventListener("resize", makeTablesReachable);

// The theme's search dialog has no name for those who do not see it.
document.querySelector('[data-md-component="search"]')?.setAttribute("aria-label", "Search");
