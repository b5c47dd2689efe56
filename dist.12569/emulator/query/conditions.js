// What a query asks for, once it has been read.
export const not = (of)=>({
        kind: 'not',
        of
    });

//# sourceMappingURL=conditions.js.map
