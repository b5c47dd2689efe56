// What takes the bytes of a content, and what a content is when they are all there.
/** Takes the bytes of one content, in order. */ export { };

//# sourceMappingURL=byte-sink.js.map
