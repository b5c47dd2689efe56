/** What was said is taken: a browser goes back to the page; a program gets a plain 204. */ export async function back(request, reply, page) {
    void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    if ((request.headers.accept ?? '').includes('text/html')) await reply.redirect(page, 303);
    else await reply.status(204).send();
}

//# sourceMappingURL=back.js.map
