function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
// The Data Mover as one file, as the build made it beside the server.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { NotFound } from '../http/index.js';
import { PROGRAM_NAME } from '../views/index.js';
export class ProgramFile {
    built;
    /** Undefined where the build left it out: it needs esbuild, which production does not install. */ find() {
        this.built ??= read(join(import.meta.dirname, '..', '..', 'data-mover-program', PROGRAM_NAME));
        return this.built;
    }
    /** @throws NotFound */ async get() {
        const built = await this.find();
        if (!built) throw new NotFound('Data Mover on this server');
        return built;
    }
}
ProgramFile = _ts_decorate([
    Injectable()
], ProgramFile);
async function read(place) {
    try {
        const content = await readFile(place);
        return {
            content,
            sha256: createHash('sha256').update(content).digest('hex')
        };
    } catch (error) {
        if (error.code === 'ENOENT') return undefined;
        throw error;
    }
}

//# sourceMappingURL=program-file.js.map
