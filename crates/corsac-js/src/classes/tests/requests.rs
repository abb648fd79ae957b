//! Request.

use super::holds;

#[test]
fn requests_have_defaults() {
    holds(&[
        "const it = new Request('x?y#z'); return it.url === 'http://a.example/dir/x?y#z' && it.method === 'GET' && it.mode === 'cors' && it.credentials === 'same-origin' && it.cache === 'default' && it.redirect === 'follow'",
        "const it = new Request('/'); return it.referrer === 'about:client' && it.referrerPolicy === '' && it.integrity === '' && it.keepalive === false && it.destination === '' && it.duplex === 'half'",
        "const it = new Request('/'); return it.isReloadNavigation === false && it.isHistoryNavigation === false && it.body === null && it.bodyUsed === false",
        "const it = new Request('/'); return it.headers === it.headers && it.headers instanceof Headers && it.signal === it.signal && it.signal instanceof AbortSignal && !it.signal.aborted",
        "const it = new Request({ toString: () => '/q' }); return it.url === 'http://a.example/q'",
        "return thrown(() => new Request()) instanceof TypeError && thrown(() => Request('/')) instanceof TypeError",
        "return new Request('/', null).method === 'GET' && thrown(() => new Request('/', 1)) instanceof TypeError",
        "const it = new Request('/'); for (const name of ['method', 'url', 'headers', 'mode', 'signal', 'body']) { try { it[name] = 'other'; } catch {} } return it.method === 'GET' && it.headers instanceof Headers",
        "return thrown(() => Object.getOwnPropertyDescriptor(Request.prototype, 'duplex').get.call({})) instanceof TypeError && Request.length === 1",
    ]);
}

#[test]
fn members_are_checked() {
    holds(&[
        "return ['http://a:b@c.example/', 'http://a@c.example/', 'http://:', 'http://a b/'].every((url) => thrown(() => new Request(url)) instanceof TypeError)",
        "return thrown(() => new Request('/', { mode: 'navigate' })) instanceof TypeError",
        "return thrown(() => new Request('/', { window: {} })) instanceof TypeError && new Request('/', { window: null }).url === 'http://a.example/'",
        "return ['mode', 'credentials', 'cache', 'redirect', 'referrerPolicy', 'duplex', 'priority'].every((name) => thrown(() => new Request('/', { [name]: 'nonsense' })) instanceof TypeError)",
        "return ['mode', 'credentials', 'cache', 'redirect', 'referrerPolicy', 'duplex', 'priority', 'signal', 'method'].every((name) => new Request('/', { [name]: undefined }).method === 'GET')",
        "return ['high', 'low', 'auto'].every((priority) => new Request('/', { priority }).mode === 'cors')",
        "return ['a b', '', 'CONNECT', 'trace', 'TRACK', 'G\\u0100'].every((method) => thrown(() => new Request('/', { method })) instanceof TypeError)",
        "return new Request('/', { method: 'post' }).method === 'POST' && new Request('/', { method: 'patch' }).method === 'patch'",
        "return ['PUT', 'DELETE', 'OPTIONS', 'x'].every((method) => thrown(() => new Request('/', { method, mode: 'no-cors' })) instanceof TypeError)",
        "return ['get', 'head', 'post'].every((method) => new Request('/', { method, mode: 'no-cors' }).mode === 'no-cors')",
        "return thrown(() => new Request('/', { cache: 'only-if-cached' })) instanceof TypeError && new Request('/', { cache: 'only-if-cached', mode: 'same-origin' }).cache === 'only-if-cached'",
        "return [1, 'x', {}, []].every((signal) => thrown(() => new Request('/', { signal })) instanceof TypeError)",
        "const it = new Request('/', { keepalive: 1, integrity: 5, credentials: 'omit', redirect: 'manual', cache: 'no-store', referrerPolicy: 'origin' }); return it.keepalive && it.integrity === '5' && it.credentials === 'omit' && it.redirect === 'manual' && it.cache === 'no-store' && it.referrerPolicy === 'origin'",
        "const seen = []; const init = {}; for (const name of ['window', 'signal', 'referrerPolicy', 'referrer', 'redirect', 'priority', 'mode', 'method', 'keepalive', 'integrity', 'headers', 'duplex', 'credentials', 'cache', 'body']) Object.defineProperty(init, name, { get() { seen.push(name); } }); new Request('/', init); return seen.join() === 'body,cache,credentials,duplex,headers,integrity,keepalive,method,mode,priority,redirect,referrer,referrerPolicy,signal,window'",
        "const order = []; try { new Request({ toString() { order.push('url'); return 'http://:'; } }, { get method() { order.push('init'); return 'a b'; } }); } catch {} return order.join() === 'url,init'",
    ]);
}

#[test]
fn referrers_stay_at_home() {
    holds(&[
        "return new Request('/', { referrer: '' }).referrer === '' && new Request('/', { referrer: 'x' }).referrer === 'http://a.example/dir/x'",
        "return new Request('/', { referrer: 'about:client' }).referrer === 'about:client' && new Request('/', { referrer: 'http://b.example/' }).referrer === 'about:client'",
        "return thrown(() => new Request('/', { referrer: 'http://:' })) instanceof TypeError",
        "return new Request('/', { referrer: 'data:,x' }).referrer === 'about:client'",
        "const first = new Request('/', { referrer: '/r', referrerPolicy: 'origin' }); const same = new Request(first); const other = new Request(first, { method: 'POST' }); return same.referrer === 'http://a.example/r' && same.referrerPolicy === 'origin' && other.referrer === 'about:client' && other.referrerPolicy === ''",
    ]);
}

#[test]
fn guards_hold() {
    holds(&[
        "const it = new Request('/', { headers: { host: 'x', a: 'b', 'Sec-X': 'y', cookie: 'z' } }); return [...it.headers].join() === 'a,b'",
        "const it = new Request('/'); it.headers.set('origin', 'x'); it.headers.append('via', 'y'); it.headers.set('ok', 'z'); return [...it.headers].join() === 'ok,z'",
        "const it = new Request('/', { mode: 'no-cors', headers: { a: 'b', accept: 'c', 'Content-Type': 'text/plain' } }); return [...it.headers].join(';') === 'accept,c;content-type,text/plain'",
        "const it = new Request('/', { mode: 'no-cors' }); it.headers.set('content-type', 'application/json'); it.headers.append('range', 'bytes=0-'); return [...it.headers].length === 0",
        "const first = new Request('/', { headers: { a: 'b', accept: 'c' } }); return [...new Request(first, { mode: 'no-cors' }).headers].join() === 'accept,c' && [...first.headers].length === 2",
        "const first = new Request('/', { headers: { a: 'b' } }); const second = new Request(first); second.headers.set('a', 'c'); return first.headers.get('a') === 'b' && second.headers.get('a') === 'c'",
        "const first = new Request('/', { headers: { a: 'b' } }); first.headers.set('a', 'c'); return new Request(first, { headers: {} }).headers.has('a') === false && new Request(first, { cache: 'reload' }).headers.get('a') === 'c'",
        "const it = new Request('/', { method: 'POST', mode: 'no-cors', body: new Blob(['a'], { type: 'application/json' }) }); return !it.headers.has('content-type')",
        "const it = new Request('/', { method: 'POST', headers: { 'content-TYPE': '' }, body: 'a' }); return it.headers.get('content-type') === ''",
    ]);
}

#[test]
fn requests_have_bodies() {
    holds(&[
        "return ['GET', 'HEAD', 'get'].every((method) => thrown(() => new Request('/', { method, body: '' })) instanceof TypeError) && thrown(() => new Request('/', { body: 'a' })) instanceof TypeError",
        "return new Request('/', { body: null }).body === null && new Request('/', { body: undefined }).body === null",
        "return await new Request('/', { method: 'POST', body: 'a' }).text() === 'a'",
        "const body = streamOf('a'); return thrown(() => new Request('/', { method: 'POST', body })) instanceof TypeError && new Request('/', { method: 'POST', body, duplex: 'half' }).body === body",
        "return thrown(() => new Request('/', { method: 'POST', body: streamOf('a'), duplex: 'half', mode: 'no-cors' })) instanceof TypeError",
        "return thrown(() => new Request('/', { method: 'POST', body: streamOf('a'), duplex: 'half', keepalive: true })) instanceof TypeError && new Request('/', { method: 'POST', body: 'a', keepalive: true }).keepalive",
        "const first = new Request('/', { method: 'POST', body: 'a' }); const second = new Request(first); return first.bodyUsed && !second.bodyUsed && await second.text() === 'a' && await rejected(first.text()) instanceof TypeError",
        "const first = new Request('/', { method: 'POST', body: 'a' }); const { body } = first; const second = new Request(first); return first.body === body && body.locked && await second.text() === 'a'",
        "const first = new Request('/', { method: 'POST', body: streamOf('a', 'b'), duplex: 'half' }); const second = new Request(first); return first.bodyUsed && first.body.locked && await second.text() === 'ab'",
        "const first = new Request('/', { method: 'POST', body: 'a' }); const second = new Request(first, { body: 'b' }); return !first.bodyUsed && await second.text() === 'b' && await first.text() === 'a'",
        "const first = new Request('/', { method: 'POST', body: 'a' }); await first.text(); return thrown(() => new Request(first)) instanceof TypeError && await new Request(first, { body: 'b' }).text() === 'b'",
        "const first = new Request('/', { method: 'POST', body: 'a' }); first.body.getReader(); return thrown(() => new Request(first)) instanceof TypeError && thrown(() => first.clone()) instanceof TypeError",
        "const first = new Request('/', { method: 'POST', body: 'a' }); return thrown(() => new Request(first, { method: 'GET' })) instanceof TypeError && !first.bodyUsed",
        "const first = new Request('/', { method: 'POST', body: 'a' }); thrown(() => new Request(first, { mode: 'navigate' })); return !first.bodyUsed",
    ]);
}

#[test]
fn requests_are_cloned_and_aborted() {
    holds(&[
        "const first = new Request('/q', { method: 'POST', body: 'a', headers: { a: 'b' }, credentials: 'include' }); const copy = first.clone(); copy.headers.set('a', 'c'); return copy.url === first.url && copy.credentials === 'include' && first.headers.get('a') === 'b' && await copy.text() === 'a' && await first.text() === 'a'",
        "const first = new Request('/', { method: 'POST', body: 'a' }); const { body } = first; const copy = first.clone(); return body.locked && first.body !== body && await first.text() === 'a' && await copy.text() === 'a'",
        "const first = new Request('/', { method: 'POST', body: streamOf('a'), duplex: 'half' }); const copy = first.clone(); return await copy.text() === 'a' && await first.text() === 'a'",
        "const first = new Request('/', { mode: 'no-cors' }); const copy = first.clone(); copy.headers.set('x', 'y'); return !copy.headers.has('x')",
        "const first = new Request('/', { method: 'POST', body: 'a' }); await first.text(); return thrown(() => first.clone()) instanceof TypeError",
        "const control = new AbortController(); const it = new Request('/', { signal: control.signal }); control.abort('why'); return it.signal !== control.signal && it.signal.aborted && it.signal.reason === 'why'",
        "const control = new AbortController(); const it = new Request('/', { signal: control.signal }); const order = []; const copy = it.clone(); it.signal.onabort = () => order.push('it'); copy.signal.onabort = () => order.push('copy'); new Request(it).signal.onabort = () => order.push('third'); control.abort(); return order.join() === 'it,copy,third'",
        "const control = new AbortController(); const first = new Request('/', { signal: control.signal }); const second = new Request(first, { signal: null }); control.abort(); return first.signal.aborted && !second.signal.aborted",
        "const control = new AbortController(); control.abort(); const it = new Request('/', { signal: control.signal }); return it.signal.aborted && it.clone().signal.aborted && new Request(it, { method: 'POST' }).signal.aborted",
    ]);
}
