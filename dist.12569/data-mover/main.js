// The Data Mover.
import { CommanderError } from 'commander';
import { program } from './command-line/program.js';
import { wantsJson } from './command-line/session.js';
import { Failure } from './failures.js';
import { outliveReaders } from './report/output.js';
import { Reporter } from './report/reporter.js';
/** Without the word that the kind of event says already. */ const spoken = (error)=>error instanceof CommanderError ? error.message.replace(/^error: /, '') : error.message;
outliveReaders();
const isJson = wantsJson(process.argv);
program(isJson).parseAsync().catch((error)=>{
    const isOfUse = error instanceof CommanderError;
    if (isOfUse) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = error instanceof Failure ? error.exitCode : 1;
    // The wrong use of a command has been told by then, but to programs.
    if (process.exitCode === 0 || isOfUse && !isJson) return;
    new Reporter(isJson ? 'json' : 'plain').error(error instanceof Error ? spoken(error) : String(error));
})// Kept connections must not hold the program up, and what was written must be out.
.finally(()=>process.stdout.write('', ()=>process.exit()));

//# sourceMappingURL=main.js.map
