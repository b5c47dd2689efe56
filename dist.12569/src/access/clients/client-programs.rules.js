// What kind of program a client says it is. Coarse on purpose: it helps to read a list of events, and is no proof.
/** In this order: scanners and tools often say that they are a browser too. */ const PROGRAMS = [
    [
        /^data-mover\//i,
        'data-mover'
    ],
    [
        /\b(barracuda|proofpoint|mimecast|messagelabs|symantec|trendmicro|sophos|fortimail|ironport|safelinks|urldefense|virustotal)|(bot|crawler|spider|scanner|preview|linkcheck\w*|slurp|imageproxy)\b|facebookexternalhit/i,
        'mail-scanner'
    ],
    [
        /^(curl|wget|httpie|python|libcurl|aria2|powershell|go-http-client|okhttp|java|axios|node|undici)\b|powershell\//i,
        'command-line'
    ],
    [
        /^mozilla\/|\b(lynx|w3m|elinks|opera)\b/i,
        'browser'
    ]
];
/** @param userAgent the header as it came; undefined or empty where there was none */ export function programOf(userAgent) {
    if (userAgent === undefined || userAgent.trim() === '') return 'none';
    return PROGRAMS.find(([pattern])=>pattern.test(userAgent))?.[1] ?? 'other';
}

//# sourceMappingURL=client-programs.rules.js.map
