//! What Request and Response have in common.

use super::holds;

#[test]
fn bodies_have_types() {
    holds(&[
        "return new Response('a').headers.get('content-type') === 'text/plain;charset=UTF-8'",
        "return new Response(new URLSearchParams('a=b')).headers.get('content-type') === 'application/x-www-form-urlencoded;charset=UTF-8'",
        "return /^multipart\\/form-data; boundary=\\S+$/.test(new Response(new FormData()).headers.get('content-type'))",
        "return new Response(new Blob(['a'], { type: 'A/b' })).headers.get('content-type') === 'a/b' && !new Response(new Blob(['a'])).headers.has('content-type')",
        "return !new Response(Uint8Array.of(1)).headers.has('content-type') && !new Response(streamOf()).headers.has('content-type')",
        "return new Response('a', { headers: { 'Content-Type': 'x/y' } }).headers.get('content-type') === 'x/y'",
        "return await new Response({ toString: () => 'text' }).text() === 'text' && await new Response(5).text() === '5'",
        "const source = Uint8Array.of(1, 2, 3); const it = new Response(source.subarray(1)); source.fill(9); return (await it.bytes()).join() === '2,3'",
        "return await new Response('\\ud800').text() === '\\ufffd'",
    ]);
}

#[test]
fn bodies_are_read() {
    holds(&[
        "return await new Response('\\ufeffab').text() === 'ab' && (await new Response('{\"a\":[1]}').json()).a[0] === 1",
        "return await rejected(new Response('{').json()) instanceof SyntaxError",
        "const buffer = await new Response('abc').arrayBuffer(); return buffer instanceof ArrayBuffer && buffer.byteLength === 3",
        "const it = new Response('abc'); const copy = it.clone(); new Uint8Array(await it.arrayBuffer()).fill(0); return await copy.text() === 'abc'",
        "const bytes = await new Response(new Blob(['abcdef']).slice(2, 4)).bytes(); return bytes instanceof Uint8Array && bytes.buffer.byteLength === 2",
        "const blob = await new Response('a', { headers: { 'Content-Type': 'Text/X; A=\"B c\"' } }).blob(); return blob.type === 'text/x;a=\"B c\"' && blob.size === 1",
        "const it = new Response('a'); it.headers.set('content-type', 'x/y'); return (await it.blob()).type === 'x/y'",
        "const it = new Response('a'); it.headers.delete('content-type'); return (await it.blob()).type === ''",
        "return await new Response(streamOf('a', 'b')).text() === 'ab'",
        "return await new Response(streamOf()).text() === ''",
        "const error = await rejected(new Response(new ReadableStream({ start(it) { it.enqueue('text'); } })).text()); return error instanceof TypeError",
        "const why = new Error('x'); return await rejected(new Response(new ReadableStream({ start(it) { it.error(why); } })).text()) === why",
        "const chunk = text('a'); const it = new Response(new ReadableStream({ start(it) { it.enqueue(chunk); }, pull(it) { chunk[0] = 98; it.close(); } })); return await it.text() === 'a'",
        "const chunk = text('a'); const it = new Response(new ReadableStream({ start(it) { it.enqueue(chunk); it.enqueue(text('b')); it.close(); } })); chunk.buffer.transfer(); return await it.text() === 'b'",
        "const it = new Response(); return await it.text() === '' && it.bodyUsed === false && it.body === null",
        "return (await new Response().arrayBuffer()).byteLength === 0 && (await new Response().blob()).size === 0 && await rejected(new Response().json()) instanceof SyntaxError",
        "const it = new Response(''); await it.text(); return it.bodyUsed",
        "return await rejected(Response.prototype.text.call({})) instanceof TypeError && await rejected(Response.prototype.text.call(new Request('/'))) instanceof TypeError",
        "Object.prototype.then = (go) => { delete Object.prototype.then; go({ done: false, value: text('bye') }); }; const came = await new Response(streamOf('hello')).text(); delete Object.prototype.then; return came === 'hello'",
        "const chunks = Array.from({ length: 20000 }, () => 'a'); return (await new Response(streamOf(...chunks)).text()).length === 20000",
        "let came = ''; for await (const part of new Response(text('a\\u20ac')).textStream()) came += part; return came === 'a\\u20ac'",
        "const it = new Response('a'); await it.text(); return thrown(() => it.textStream()) instanceof TypeError",
    ]);
}

#[test]
fn a_body_is_read_once() {
    holds(&[
        "const it = new Response('a'); const first = it.text(); const second = await rejected(it.text()); return second instanceof TypeError && await first === 'a' && it.bodyUsed",
        "const it = new Response('a'); it.body.getReader(); return it.bodyUsed === false && await rejected(it.text()) instanceof TypeError",
        "const it = new Response('a'); const reader = it.body.getReader(); reader.releaseLock(); return await it.text() === 'a'",
        "const it = new Response('a'); await it.body.cancel(); return it.bodyUsed && await rejected(it.text()) instanceof TypeError",
        "const it = new Response('a'); it.text(); return thrown(() => it.body.getReader()) instanceof TypeError && it.body.locked",
        "const it = new Response('a'); await it.text(); return it.body === it.body && it.body.locked && it.bodyUsed",
        "const it = new Response('a'); const { body } = it; return body === it.body && body instanceof ReadableStream && (await body.getReader().read()).value.join() === '97'",
        "const reader = new Response('abc').body.getReader({ mode: 'byob' }); const first = await reader.read(new Uint8Array(2)); const second = await reader.read(new Uint8Array(2)); const third = await reader.read(new Uint8Array(2)); return first.value.join() === '97,98' && second.value.join() === '99' && third.done && third.value.length === 0",
        "const stream = streamOf('a'); return new Response(stream).body === stream",
        "const stream = streamOf('a'); await stream.cancel(); return thrown(() => new Response(stream)) instanceof TypeError",
        "const stream = streamOf('a'); stream.getReader(); return thrown(() => new Response(stream)) instanceof TypeError",
    ]);
}

#[test]
fn forms_are_read() {
    holds(&[
        "const form = new FormData(); form.append('a', 'b\\nc'); form.append('f', new File(['x'], 'n.txt', { type: 'text/q' })); const came = await new Response(form).formData(); const file = came.get('f'); return came.get('a') === 'b\\r\\nc' && file.name === 'n.txt' && file.type === 'text/q' && await file.text() === 'x'",
        "return [...await new Response(new FormData()).formData()].length === 0",
        "const it = new Response(new URLSearchParams('a=b+c&d')); return [...await it.formData()].join(';') === 'a,b c;d,'",
        "const it = new Response('\\ufeffa=\\ufeff', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }); return [...await it.formData()].join() === '\\ufeffa,\\ufeff'",
        "const it = new Response('a=b', { headers: { 'Content-Type': 'text/plain' } }); return await rejected(it.formData()) instanceof TypeError && it.bodyUsed",
        "const it = new Response('x', { headers: { 'Content-Type': 'multipart/form-data' } }); return await rejected(it.formData()) instanceof TypeError",
        "const it = new Response('--x\\r\\nnothing', { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }); return await rejected(it.formData()) instanceof TypeError",
        "const it = new Response('--x y\\r\\nCONTENT-disposition: form-data; name=\"a\"\\r\\n\\r\\nb\\r\\n--x y--', { headers: { 'Content-Type': 'multipart/form-data; boundary=\"x y\"' } }); return (await it.formData()).get('a') === 'b'",
        "const part = (disposition) => new Response('--x\\r\\nContent-Disposition: ' + disposition + '\\r\\n\\r\\nb\\r\\n--x--\\r\\n', { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }).formData(); return (await part('form-data; name=a')).get('a') === 'b' && (await part('Form-Data ;NAME=\"a\" ; filename=f')).get('a').name === 'f' && (await part('form-data; filename=\"; name=c\"; name=a')).get('a').name === '; name=c' && await rejected(part('form-data')) instanceof TypeError && await rejected(part('attachment; name=a')) instanceof TypeError",
        "const it = new Response(undefined, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }); return [...await it.formData()].length === 0 && !it.bodyUsed",
        "return await rejected(new Response().formData()) instanceof TypeError",
    ]);
}

#[test]
fn accessors_that_script_puts_on_object_prototype_are_not_in_the_way() {
    holds(&[
        "for (const name of ['essence', 'parameters']) Object.defineProperty(Object.prototype, name, { get() { throw new Error(name); }, configurable: true }); return (await new Response('a').blob()).type === 'text/plain;charset=UTF-8'",
        "for (const name of ['method', 'mode', 'isEmpty']) Object.defineProperty(Object.prototype, name, { get() {}, configurable: true }); return new Request('/', { method: 'PUT', mode: 'same-origin' }).method === 'PUT'",
        "for (const name of ['start', 'type', 'size', 'highWaterMark']) Object.defineProperty(Object.prototype, name, { get() { throw new Error(name); }, configurable: true }); const came = [await new Response('a').text(), await new Response(new Response('b').body).text(), (await new Request('/', { method: 'POST', body: 'c' }).arrayBuffer()).byteLength]; return came.join() === 'a,b,1'",
    ]);
}
