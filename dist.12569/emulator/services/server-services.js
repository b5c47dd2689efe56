// What a server tells of itself (reference 2.2).
import { dateText } from '../formats.js';
import { el, textOf } from '../xml/element.js';
/** The version that replies name; some clients read it. */ export const EMULATED_VERSION = '4.16.082';
export const serverServices = {
    'server.version': {
        access: null,
        run: ()=>[
                el('ant-version', 'emulator'),
                el('binary', 'aserver'),
                el('build-time', '01-Aug-2022 23:39:42 AEST'),
                el('built-by', 'emulator'),
                el('created-by', 'instrument-dispatch emulator'),
                el('manifest-version', '1.0'),
                el('target-jvm', '1.8'),
                el('vendor', 'Arcitecta Pty. Ltd.'),
                el('version', EMULATED_VERSION)
            ]
    },
    'server.uuid': {
        access: null,
        run: ()=>[
                el('uuid', '1128')
            ]
    },
    'server.identity': {
        access: null,
        run: ()=>[
                el('server', [
                    el('name', 'emulator')
                ])
            ]
    },
    'server.clock.time': {
        access: null,
        run: (call)=>[
                el('stime', call.world.state.lastNumber),
                el('time', dateText(call.world.now()))
            ]
    },
    'authentication.domain.list': {
        access: 'ACCESS',
        run: (call)=>[
                ...new Set([
                    ...call.world.state.all('user')
                ].map((user)=>user.domain))
            ].sort().map((name)=>el('domain', name))
    },
    'network.describe': {
        access: 'ACCESS',
        run (call) {
            const type = call.world.isSecure ? 'https' : 'http';
            const wanted = textOf(call.args, 'type') ?? 'http';
            if (!wanted.startsWith('http')) return [];
            return [
                el('service', '', {
                    type,
                    port: call.world.port(),
                    ssl: call.world.isSecure
                })
            ];
        }
    },
    'server.log': {
        access: 'MODIFY',
        run: ()=>[]
    }
};

//# sourceMappingURL=server-services.js.map
