/** As in `dispatch.example.org, port 443`: what a firewall has to let through. */ export function hostAndPort(url) {
    const { hostname, port, protocol } = new URL(url);
    return `${hostname}, port ${port === '' ? protocol === 'http:' ? 80 : 443 : port}`;
}

//# sourceMappingURL=addresses.js.map
