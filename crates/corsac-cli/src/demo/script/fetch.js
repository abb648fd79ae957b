fetch(url, { method }).then(
  async (response) => {
    console.log("fulfilled");
    console.log(`status ${response.status}`);
    console.log(`headers: ${[...response.headers.keys()].join(", ")}`);
    console.log(`body: ${(await response.text()).trim()}`);
  },
  (reason) => console.log(`rejected: ${reason}`),
);
