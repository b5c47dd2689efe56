// Contents that came with a request and that no service took.
/** A content that was not kept: the store or the disk was full. */ export const UNKEPT = '';
/** A content that nobody was allowed to send. */ export const UNWANTED = '.';
/** They belong to nothing and are removed; pieces and contents of IO jobs belong to their job, or to what it became. */ export async function removeUnused(world, inputs) {
    for (const { file, isPiece } of inputs){
        const isKept = file !== UNKEPT && file !== UNWANTED;
        if (isKept && isPiece !== true && !world.state.ioJobOfFile(file)) await world.contents.remove(file);
    }
}

//# sourceMappingURL=unused-inputs.js.map
