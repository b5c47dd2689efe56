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
// Who may call. Features that know tokens register how to look one up; `auth` itself knows no feature.
import { Injectable } from '@nestjs/common';
export class CallerResolvers {
    shareable;
    link;
    registerShareable(resolver) {
        this.shareable = resolver;
    }
    registerLink(resolver) {
        this.link = resolver;
    }
    ofShareable(token) {
        if (!this.shareable) throw new Error('Nothing is registered that looks up upload shareables.');
        return this.shareable(token);
    }
    ofLink(token) {
        if (!this.link) throw new Error('Nothing is registered that looks up links.');
        return this.link(token);
    }
}
CallerResolvers = _ts_decorate([
    Injectable()
], CallerResolvers);

//# sourceMappingURL=callers.js.map
