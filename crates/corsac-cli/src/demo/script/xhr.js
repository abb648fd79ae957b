const xhr = new XMLHttpRequest();
xhr.open(method, url);
xhr.onload = xhr.onerror = ({ type }) => {
  const lines = xhr.getAllResponseHeaders().split("\r\n").filter((line) => line);
  const names = lines.map((line) => line.split(":")[0]);
  console.log(`${type} event`);
  console.log(`status ${xhr.status}`);
  console.log(names.length ? `headers: ${names.join(", ")}` : "no headers");
  console.log(xhr.responseText ? `body: ${xhr.responseText.trim()}` : "no body");
};
xhr.send();
