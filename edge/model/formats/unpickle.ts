import { damaged, Refusal } from '../model.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { type Pickled, readPickledScalar } from './unpickle-scalar.ts';

const HARMLESS_MODULES = /^(xgboost|copyreg|copy_reg|collections|numpy|scipy|sklearn|joblib|pandas)(\.|$)/;
const HARMLESS_BUILTINS =
  /^(builtins|__builtin__)\.(object|bytearray|bytes|str|int|float|bool|list|tuple|dict|set|frozenset|type)$/;

/** What a pickle names in Python. A name that has no place in a model is refused, though it would not be run here. */
export const pickleName = (module: string, name: string): string => {
  const full = `${module}.${name}`;
  if (HARMLESS_MODULES.test(module) || HARMLESS_BUILTINS.test(full) || full === '_codecs.encode') return full;
  throw new Refusal(
    'unsafe',
    `this pickle would run ${full} when Python loads it, which no model needs`,
    'do not load it anywhere, and ask where it comes from',
  );
};

const MAX_STEPS = 200_000;
const MARK = { kind: 'mark' } as const;

type Machine = {
  readonly from: ByteReader;
  readonly stack: (Pickled | typeof MARK)[];
  readonly memo: Map<number, Pickled>;
};

/** What a Python pickle describes, protocols 0 to 5. Nothing is imported, called or built: calls stay descriptions. */
export const unpickle = (bytes: Uint8Array): Pickled => {
  const machine: Machine = { from: byteReader(bytes, 'little'), stack: [], memo: new Map() };
  for (let step = 0; step < MAX_STEPS; step++) {
    const code = String.fromCharCode(machine.from.uint8());
    if (code === '.') return pop(machine);
    const scalar = readPickledScalar(machine.from, code);
    if (scalar === null) carryOut(machine, code);
    else machine.stack.push(scalar);
  }
  throw damaged('the pickle has too many steps');
};

const pop = ({ stack }: Machine): Pickled => {
  const top = stack.pop();
  if (top === undefined || top.kind === 'mark') throw damaged('the pickle takes more than it has put down');
  return top;
};

const peek = (machine: Machine): Pickled => {
  const top = pop(machine);
  machine.stack.push(top);
  return top;
};

const popToMark = ({ stack }: Machine): readonly Pickled[] => {
  const items: Pickled[] = [];
  for (let top = stack.pop(); top?.kind !== 'mark'; top = stack.pop()) {
    if (top === undefined) throw damaged('the pickle takes more than it has put down');
    items.push(top);
  }
  return items.reverse();
};

const carryOut = (machine: Machine, code: string): void => {
  const { from, stack } = machine;
  const build = BUILDERS[code];
  if (build !== undefined) stack.push(build(machine));
  else if (code === '(') stack.push(MARK);
  else if (code === '0') pop(machine);
  else if (code === '1') popToMark(machine);
  else if (code === '\x80') from.uint8();
  else if (code === '\x95') from.count64();
  else remember(machine, code);
};

const remember = (machine: Machine, code: string): void => {
  const { from, memo, stack } = machine;
  if (code === 'p') memo.set(Number(from.line()), peek(machine));
  else if (code === 'q') memo.set(from.uint8(), peek(machine));
  else if (code === 'r') memo.set(from.uint32(), peek(machine));
  else if (code === '\x94') memo.set(memo.size, peek(machine));
  else if (code === 'g') stack.push(recall(memo, Number(from.line())));
  else if (code === 'h') stack.push(recall(memo, from.uint8()));
  else if (code === 'j') stack.push(recall(memo, from.uint32()));
  else throw damaged(`byte ${from.at()} is no step of a pickle`);
};

const recall = (memo: ReadonlyMap<number, Pickled>, key: number): Pickled => {
  const value = memo.get(key);
  if (value === undefined) throw damaged(`the pickle recalls ${key}, which it never kept`);
  return value;
};

type Builder = (machine: Machine) => Pickled;

const popSome = (machine: Machine, count: number): Pickled[] =>
  Array.from({ length: count }, () => pop(machine)).reverse();

const describeCall = (machine: Machine): Pickled => {
  const given = pop(machine);
  const name = nameOf(pop(machine));
  return { kind: 'call', name, given: given.kind === 'list' ? given.items : [given], state: null };
};

const nameOf = (callee: Pickled | undefined): string => {
  if (callee?.kind !== 'name') throw damaged('the pickle calls something without a name');
  return callee.name;
};

const append = (machine: Machine, items: readonly Pickled[]): Pickled => {
  const list = pop(machine);
  // Other classes append too; what they hold is of no interest here.
  if (list.kind === 'list') for (const item of items) list.items.push(item);
  return list;
};

const setItems = (dict: Pickled, items: readonly Pickled[]): Pickled => {
  if (dict.kind !== 'dict') return dict;
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]];
    if (key?.kind === 'text' && value !== undefined) dict.entries.set(key.text, value);
  }
  return dict;
};

const refuseReference = (): never => {
  throw new Refusal(
    'unsafe',
    'the pickle refers to things outside itself',
    'save the model with booster.save_model("model.json")',
  );
};

/** The steps that take from the stack and put one thing back, by their code. */
const BUILDERS: Readonly<Record<string, Builder>> = {
  ')': () => ({ kind: 'list', items: [] }),
  ']': () => ({ kind: 'list', items: [] }),
  '\x8f': () => ({ kind: 'list', items: [] }),
  '}': () => ({ kind: 'dict', entries: new Map() }),
  t: (machine) => ({ kind: 'list', items: [...popToMark(machine)] }),
  l: (machine) => ({ kind: 'list', items: [...popToMark(machine)] }),
  '\x91': (machine) => ({ kind: 'list', items: [...popToMark(machine)] }),
  d: (machine) => setItems({ kind: 'dict', entries: new Map() }, popToMark(machine)),
  '\x85': (machine) => ({ kind: 'list', items: popSome(machine, 1) }),
  '\x86': (machine) => ({ kind: 'list', items: popSome(machine, 2) }),
  '\x87': (machine) => ({ kind: 'list', items: popSome(machine, 3) }),
  a: (machine) => append(machine, [pop(machine)]),
  e: (machine) => append(machine, popToMark(machine)),
  '\x90': (machine) => append(machine, popToMark(machine)),
  s: (machine) => {
    const items = popSome(machine, 2);
    return setItems(pop(machine), items);
  },
  u: (machine) => {
    const items = popToMark(machine);
    return setItems(pop(machine), items);
  },
  '2': (machine) => peek(machine),
  c: ({ from }) => ({ kind: 'name', name: pickleName(from.line(), from.line()) }),
  '\x93': (machine) => {
    const [module, name] = popSome(machine, 2);
    if (module?.kind !== 'text' || name?.kind !== 'text')
      throw damaged('the pickle names something without a name');
    return { kind: 'name', name: pickleName(module.text, name.text) };
  },
  R: describeCall,
  '\x81': describeCall,
  '\x92': (machine) => {
    pop(machine);
    return describeCall(machine);
  },
  i: (machine) => {
    const name = pickleName(machine.from.line(), machine.from.line());
    return { kind: 'call', name, given: popToMark(machine), state: null };
  },
  o: (machine) => {
    const [callee, ...given] = popToMark(machine);
    return { kind: 'call', name: nameOf(callee), given, state: null };
  },
  b: (machine) => {
    const state = pop(machine);
    const object = pop(machine);
    if (object.kind !== 'call') throw damaged('the pickle gives a state to something without one');
    // The object may have been kept before its state came: the same one has to change.
    object.state = state;
    return object;
  },
  P: refuseReference,
  Q: refuseReference,
  '\x97': refuseReference,
};
