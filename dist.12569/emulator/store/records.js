// What the emulator remembers.
export { };

//# sourceMappingURL=records.js.map
