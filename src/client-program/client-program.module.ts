import { Module } from '@nestjs/common';
import { ClientProgramController } from './client-program.controller.js';
import { ProgramFile } from './program-file.js';

@Module({ controllers: [ClientProgramController], providers: [ProgramFile] })
export class ClientProgramModule {}
