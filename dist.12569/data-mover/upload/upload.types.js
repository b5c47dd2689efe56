// An upload as the server tells it, and as the command asks for it.
export { };

//# sourceMappingURL=upload.types.js.map
