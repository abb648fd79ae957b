//! Headers.

use super::holds;

#[test]
fn headers_are_made() {
    holds(&[
        "return [...new Headers()].length === 0 && [...new Headers(undefined)].length === 0",
        "return thrown(() => new Headers(null)) instanceof TypeError && thrown(() => new Headers(1)) instanceof TypeError && thrown(() => new Headers('a')) instanceof TypeError",
        "return [...new Headers({ B: 1, a: undefined, c: null })].join(';') === 'a,undefined;b,1;c,null'",
        "return new Headers([['a', 'b'], ['A', 'c']]).get('a') === 'b, c'",
        "return new Headers(new Map([['a', 'b']])).get('a') === 'b'",
        "return new Headers(new Headers({ a: 'b' })).get('a') === 'b'",
        "const given = new Headers(); given[Symbol.iterator] = function* () { yield ['x', 'y']; }; return new Headers(given).get('x') === 'y'",
        "return thrown(() => new Headers([['a']])) instanceof TypeError && thrown(() => new Headers([['a', 'b', 'c']])) instanceof TypeError",
        "return thrown(() => new Headers(['ab'])) instanceof TypeError",
        "return thrown(() => new Headers({ [Symbol.iterator]: 1 })) instanceof TypeError",
        "return thrown(() => new Headers({ [Symbol('a')]: 'b' })) instanceof TypeError",
        "return thrown(() => new Headers({ 'a b': 'c' })) instanceof TypeError && thrown(() => new Headers({ a: 'b\\0' })) instanceof TypeError",
        "const given = (() => {}); given.a = 'b'; return new Headers(given).get('a') === 'b'",
        "class Mine extends Headers {} return new Mine({ a: 'b' }).get('a') === 'b'",
    ]);
}

#[test]
fn a_record_is_read_in_the_order_that_a_proxy_sees() {
    holds(&[
        "const log = []; const spy = new Proxy({ a: 'b', c: 'd' }, new Proxy({}, { get: (_, trap) => (...args) => { log.push(trap + (typeof args[1] === 'string' ? ' ' + args[1] : '')); return Reflect[trap](...args); } })); new Headers(spy); return log.join() === 'get,ownKeys,getOwnPropertyDescriptor a,get a,getOwnPropertyDescriptor c,get c'",
        "const log = []; const part = (name) => ({ toString() { log.push(name); return name; } }); new Headers([[part('a'), part('b')], [part('c'), part('d')]]); return log.join() === 'a,b,c,d'",
        "const given = Object.defineProperty({ a: 'b' }, Symbol('c'), { value: 'd', enumerable: false }); return [...new Headers(given)].join() === 'a,b'",
        "const given = Object.defineProperty({ a: 'b' }, 'c', { value: 'd', enumerable: false }); return !new Headers(given).has('c')",
        "const log = []; try { new Headers([['a b', 'c'], { get [Symbol.iterator]() { log.push('looked'); } }]); } catch {} return log.join() === 'looked'",
    ]);
}

#[test]
fn headers_change() {
    holds(&[
        "const it = new Headers(); it.append('a', ' b\\t'); it.append('A', 'c'); return it.get('a') === 'b, c'",
        "const it = new Headers({ a: 'b' }); it.append('a', 'c'); it.set('A', 'd'); return [...it].join() === 'a,d'",
        "const it = new Headers({ a: 'b' }); it.delete('A'); it.delete('c'); return !it.has('a') && it.get('a') === null",
        "return thrown(() => new Headers().append('a')) instanceof TypeError && thrown(() => new Headers().set('a')) instanceof TypeError",
        "return ['get', 'has', 'delete'].every((name) => thrown(() => new Headers()[name]()) instanceof TypeError)",
        "return ['get', 'has', 'delete'].every((name) => thrown(() => new Headers()[name]('a b')) instanceof TypeError)",
        "return ['append', 'set'].every((name) => thrown(() => new Headers()[name]('', 'x')) instanceof TypeError)",
        "return ['append', 'set'].every((name) => thrown(() => new Headers()[name]('a', 'b\\nc')) instanceof TypeError)",
        "return ['append', 'set'].every((name) => thrown(() => new Headers()[name]('a', '\\u0100')) instanceof TypeError)",
        "return thrown(() => new Headers().get('\\u0100')) instanceof TypeError",
        "return ['append', 'set'].every((name) => thrown(() => Headers.prototype[name].call({}, 'a', 'b')) instanceof TypeError)",
        "const it = new Headers(); it.append('a', { toString() { it.append('a', 'inner'); return 'outer'; } }); return it.get('a') === 'inner, outer'",
        "const it = new Headers({ a: '\\xe9' }); return it.get('a') === '\\xe9'",
        "return Headers.prototype.append.length === 2 && Headers.prototype.get.length === 1 && Headers.length === 0",
        "return Object.prototype.toString.call(new Headers()) === '[object Headers]' && Object.keys(Headers.prototype).includes('append')",
    ]);
}

#[test]
fn iteration_is_sorted_and_live() {
    holds(&[
        "return [...new Headers([['b', '1'], ['A', '2'], ['b', '3']])].join(';') === 'a,2;b,1, 3'",
        "const it = new Headers([['set-cookie', 'a=b'], ['x', '1'], ['Set-Cookie', 'c=d']]); return [...it].join(';') === 'set-cookie,a=b;set-cookie,c=d;x,1' && it.getSetCookie().join('|') === 'a=b|c=d'",
        "return new Headers().getSetCookie().length === 0",
        "const it = new Headers({ b: '1' }); const keys = it.keys(); keys.next(); it.set('c', '2'); return keys.next().value === 'c' && keys.next().done",
        "const it = new Headers({ b: '1', d: '2' }); const keys = it.keys(); keys.next(); it.set('a', '0'); return keys.next().value === 'b'",
        "const it = new Headers({ a: '1', b: '2', c: '3' }); const seen = []; for (const [name] of it) { seen.push(name); it.delete(name); } return seen.join() === 'a,c'",
        "const seen = []; const me = {}; new Headers({ a: '1' }).forEach(function (value, name, all) { seen.push(value, name, all instanceof Headers, this === me); }, me); return seen.join() === '1,a,true,true'",
        "return thrown(() => new Headers().forEach()) instanceof TypeError && thrown(() => new Headers().forEach(1)) instanceof TypeError",
        "return Headers.prototype.entries === Headers.prototype[Symbol.iterator] && [...new Headers({ a: 'b' }).values()].join() === 'b'",
    ]);
}
