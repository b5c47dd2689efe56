// Streams that services give (reference 5.3): a stored content or a part of one, or bytes that are made while they are
// read, such as an archive, whose length nobody knows beforehand.
export { };

//# sourceMappingURL=output.js.map
