// Names: those that Mediaflux cannot hold are refused before anything moves, those that Windows cannot hold are warned
// about.
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
const LONGEST_NAME_BYTES = 255;
const LONGEST_PATH_BYTES = 4_096;
export const NOT_TEXT = 'its name is not valid Unicode; rename it';
/** Bytes that are no text are replaced when a name is read; the name that the system has is another one then. */ export const isText = (path)=>!/[\ufffd\p{Surrogate}]/u.test(path);
/** Why a path cannot be uploaded, if it cannot. */ export function refusal(path) {
    // eslint-disable-next-line no-control-regex -- the characters that are looked for
    if (/[\x00-\x1f\x7f-\x9f]/.test(path)) return 'its name holds a line break or another control character; rename it';
    if (!isText(path)) return NOT_TEXT;
    if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return `its path is longer than ${LONGEST_PATH_BYTES} bytes; shorten it`;
    if (path.split('/').some((name)=>Buffer.byteLength(name) > LONGEST_NAME_BYTES)) return `a name in its path is longer than ${LONGEST_NAME_BYTES} bytes; shorten it`;
    return undefined;
}
/** Why Windows could not hold the path, if it could not. */ export function windowsTrouble(path) {
    for (const name of path.split('/')){
        if (RESERVED.test(name)) return 'Windows keeps this name for a device';
        if (/[<>:"|?*\\]/.test(name)) return 'Windows cannot hold one of the characters < > : " | ? * \\ in a name';
        if (/[. ]$/.test(name)) return 'Windows cannot hold a name that ends in a dot or a space';
    }
    return undefined;
}
/**
 * The same for all paths that any disk could take for one: letters of either case, an accent in one piece or in two, and
 * what Unicode calls compatible.
 */ export const broadName = (path)=>path.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD').toUpperCase();

//# sourceMappingURL=names.rules.js.map
