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
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
// What every page loads, from here and nowhere else.
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Caller } from '../../auth/index.js';
import { PAGE_SCRIPT, SCRIPT_PATH, STYLE_SHEET, STYLE_SHEET_PATH } from '../../views/index.js';
const AN_HOUR = 'public, max-age=3600';
export class AssetsController {
    styles() {
        return STYLE_SHEET;
    }
    script() {
        return PAGE_SCRIPT;
    }
}
_ts_decorate([
    Caller('anyone'),
    Get(STYLE_SHEET_PATH),
    Header('content-type', 'text/css; charset=utf-8'),
    Header('cache-control', AN_HOUR),
    Header('x-content-type-options', 'nosniff'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], AssetsController.prototype, "styles", null);
_ts_decorate([
    Caller('anyone'),
    Get(SCRIPT_PATH),
    Header('content-type', 'text/javascript; charset=utf-8'),
    Header('cache-control', AN_HOUR),
    Header('x-content-type-options', 'nosniff'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], AssetsController.prototype, "script", null);
AssetsController = _ts_decorate([
    ApiExcludeController(),
    Controller()
], AssetsController);

//# sourceMappingURL=assets.controller.js.map
