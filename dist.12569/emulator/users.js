// Users with passwords, of which only salted hashes are kept.
import { randomBytes } from 'node:crypto';
import { sha256 } from './services/session-services.js';
/** Makes a user, or gives an existing one a new password and these roles. */ export function userChange(state, domain, user, password, roles) {
    const key = `${domain}:${user}`;
    const salt = randomBytes(16).toString('hex');
    const id = state.get('user', key)?.id ?? state.nextNumber();
    const permissions = state.get('grant', `user:${key}`)?.permissions ?? {};
    return [
        [
            'user',
            key,
            {
                id,
                domain,
                user,
                salt,
                passwordHash: sha256(`${salt}${password}`)
            }
        ],
        [
            'grant',
            `user:${key}`,
            {
                roles: [
                    ...roles
                ],
                permissions
            }
        ]
    ];
}

//# sourceMappingURL=users.js.map
