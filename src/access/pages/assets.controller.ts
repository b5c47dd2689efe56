// What every page loads, from here and nowhere else.

import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Caller } from '../../auth/index.js';
import { PAGE_SCRIPT, SCRIPT_PATH, STYLE_SHEET, STYLE_SHEET_PATH } from '../../views/index.js';

const AN_HOUR = 'public, max-age=3600';

@ApiExcludeController()
@Controller()
export class AssetsController {
  @Caller('anyone')
  @Get(STYLE_SHEET_PATH)
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', AN_HOUR)
  @Header('x-content-type-options', 'nosniff')
  styles() {
    return STYLE_SHEET;
  }

  @Caller('anyone')
  @Get(SCRIPT_PATH)
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', AN_HOUR)
  @Header('x-content-type-options', 'nosniff')
  script() {
    return PAGE_SCRIPT;
  }
}
