// Calls that run in the background (reference 9). A task is durable: one that a kill stopped is told as failed. A call
// inside cannot be interrupted, so abort and suspend take hold between the calls of a task.
import { ADMINISTRATOR_ROLE } from '../access/actors.js';
import { notAuthorized, ServiceFault } from '../faults.js';
import { dateElement } from '../formats.js';
import { el } from '../xml/element.js';
import { needed, principals } from './service.js';
const ENDED = [
    'completed',
    'aborted',
    'failed'
];
/**
 * @param steps one for each call; its answer is the `reply` element
 * @param onEnd called when the task will use nothing of the request any more
 */ export function startTask(call, facts, steps, onEnd) {
    const { world } = call;
    forgetOld(world);
    const id = world.state.nextNumber();
    save(world.state, {
        id,
        owner: ownerOf(call),
        ...facts.description === undefined ? {} : {
            description: facts.description
        },
        ...facts.key === undefined ? {} : {
            key: facts.key
        },
        service: facts.service,
        state: 'pending',
        startedAt: world.now(),
        total: steps.length,
        completed: 0
    });
    setImmediate(()=>void work(world, id, steps).catch(tell).finally(onEnd));
    return id;
}
/** The user, or the identity of a token: tokens that one account made do not see each other's tasks. */ const ownerOf = (call)=>`${call.actor.type}:${call.actor.name}`;
/** A disk that is full when a task ends: the task stays as it was, and the emulator goes on. */ const tell = (error)=>void process.stderr.write(`A background task could not be recorded: ${String(error)}\n`);
const save = (state, task)=>state.commit([
        'task',
        String(task.id),
        task
    ]);
const RESUMED_POLL_MS = 20;
async function work(world, id, steps) {
    const { state } = world;
    const change = (facts)=>{
        const task = state.get('task', id);
        if (task) save(state, {
            ...task,
            ...facts
        });
    };
    const end = (facts)=>change({
            ...facts,
            endedAt: world.now()
        });
    const replies = [];
    try {
        for (const step of steps){
            while(state.get('task', id)?.state === 'suspended')await new Promise((resolve)=>setTimeout(resolve, RESUMED_POLL_MS).unref());
            const task = state.get('task', id);
            if (!task) return;
            if (task.state === 'abort-pending') return end({
                state: 'aborted'
            });
            change({
                state: 'executing'
            });
            replies.push(await step());
            change({
                completed: replies.length
            });
            // Whoever wants to abort or suspend it gets a turn.
            await new Promise((resolve)=>setImmediate(resolve));
        }
        if (state.get('task', id)?.state === 'abort-pending') end({
            state: 'aborted'
        });
        else end({
            state: 'completed',
            replies
        });
    } catch (error) {
        // An emulator that has stopped keeps nothing: the task is told as failed at the next start.
        if (state.isOpen) end({
            state: 'failed',
            error: error instanceof Error ? error.message : String(error)
        });
    }
}
const KEPT_AFTER_END_MS = 24 * 3_600_000;
/** Tasks that ended long ago, for nobody will ask. */ function forgetOld(world) {
    const before = world.now() - KEPT_AFTER_END_MS;
    const old = [
        ...world.state.all('task')
    ].filter((task)=>(task.endedAt ?? Infinity) < before);
    if (old.length > 0) world.state.commitAll(old.map((task)=>[
            'task',
            String(task.id),
            null
        ]));
}
/** What ran when the emulator ended will not go on. */ export function failInterruptedTasks(state, now) {
    for (const task of [
        ...state.all('task')
    ]){
        if (!ENDED.includes(task.state)) save(state, {
            ...task,
            state: 'failed',
            error: 'The server was stopped while the task ran',
            endedAt: now
        });
    }
}
export const backgroundServices = {
    'service.background.describe': {
        access: null,
        run: (call)=>{
            const tasks = call.args.children.some((one)=>one.name === 'id') ? [
                ownTask(call)
            ] : ownTasks(call);
            return tasks.map((task)=>describe(call.world, task));
        }
    },
    'service.background.results.get': {
        access: null,
        run (call) {
            const task = ownTask(call);
            if (task.state !== 'completed') throw new ServiceFault(`The background task ${task.id} has no results: it is ${task.state}`);
            return task.replies ?? [];
        }
    },
    'service.background.abort': {
        access: null,
        run: (call)=>move(call, [
                'pending',
                'executing',
                'suspended'
            ], 'abort-pending')
    },
    'service.background.suspend': {
        access: null,
        run: (call)=>move(call, [
                'pending',
                'executing'
            ], 'suspended')
    },
    'service.background.resume': {
        access: null,
        run: (call)=>move(call, [
                'suspended'
            ], 'executing')
    },
    'service.background.destroy': {
        access: null,
        run (call) {
            call.world.state.commit([
                'task',
                String(ownTask(call).id),
                null
            ]);
            return [];
        }
    }
};
function move(call, from, to) {
    const task = ownTask(call);
    if (!from.includes(task.state)) throw new ServiceFault(`The background task ${task.id} is ${task.state}`);
    save(call.world.state, {
        ...task,
        state: to
    });
    return [];
}
const mayControl = (call, task)=>task.owner === ownerOf(call) || principals(call).has(ADMINISTRATOR_ROLE);
const ownTasks = (call)=>[
        ...call.world.state.all('task')
    ].filter((task)=>mayControl(call, task));
function ownTask(call) {
    const id = needed(call, 'id');
    const task = call.world.state.get('task', id);
    if (!task) throw new ServiceFault(`The background task ${id} does not exist`);
    if (!mayControl(call, task)) throw notAuthorized(`user '${call.actor.owner}' not granted ACCESS to background task ${id}`);
    return task;
}
function describe(world, task) {
    const isOver = ENDED.includes(task.state);
    return el('task', [
        el('service', '', {
            name: task.service
        }),
        ...task.key === undefined ? [] : [
            el('key', task.key)
        ],
        ...task.description === undefined ? [] : [
            el('description', task.description)
        ],
        el('state', task.state),
        dateElement('start-time', task.startedAt),
        ...task.endedAt === undefined ? [] : [
            dateElement('end-time', task.endedAt)
        ],
        el('exec-time', ((task.endedAt ?? world.now()) - task.startedAt) / 1_000, {
            unit: 'second'
        }),
        el('total', task.total),
        el('completed', task.completed),
        el('failed', task.state === 'failed' ? 1 : 0),
        ...task.error === undefined ? [] : [
            el('error', task.error)
        ],
        el('can-abort', !isOver),
        el('can-suspend', !isOver)
    ], {
        id: task.id
    });
}

//# sourceMappingURL=background-services.js.map
