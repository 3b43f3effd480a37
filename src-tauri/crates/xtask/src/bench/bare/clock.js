// The least that a window with a countdown has to do: it redraws once a second.
const clock = document.getElementById("clock");
setInterval(() => (clock.textContent = new Date().toTimeString().slice(0, 8)), 1000);
