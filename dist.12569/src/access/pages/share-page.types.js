// What the page behind a link is made of.
export { };

//# sourceMappingURL=share-page.types.js.map
