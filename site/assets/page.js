// The theme's search dialog has no name for those who do not see it.
document.querySelector('[data-md-component="search"]')?.setAttribute("aria-label", "Search");
