import { type DynamicModule, Module } from '@nestjs/common';
import { ClientProgramController } from './client-program.controller.js';
import { ProgramFile } from './program-file.js';

@Module({ controllers: [ClientProgramController] })
export class ClientProgramModule {
  /** @param built folder with the built program */
  static forRoot(built: string): DynamicModule {
    return {
      module: ClientProgramModule,
      providers: [{ provide: ProgramFile, useFactory: () => new ProgramFile(built) }],
    };
  }
}
