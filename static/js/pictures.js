// Pictures of pages. One that does not come is asked for again, since others may be drawn just then; after that
// the words that stand ready beside it say so.
const WAITS = [3000, 6000];

function missed(picture) {
  const tries = Number(picture.dataset.tries || 0);
  if (tries < WAITS.length) {
    picture.dataset.tries = String(tries + 1);
    setTimeout(() => { picture.src = picture.getAttribute("src"); }, WAITS[tries]);
    return;
  }
  const words = picture.parentElement.querySelector(".page-gone");
  picture.hidden = true;
  if (words) words.hidden = false;
}

export function startPictures() {
  // Such an event does not bubble, so it is caught on its way down.
  document.addEventListener("error", (event) => {
    if (event.target.matches?.("img[data-picture]")) missed(event.target);
  }, true);
  for (const picture of document.querySelectorAll("img[data-picture]")) {
    if (picture.complete && picture.currentSrc && !picture.naturalWidth) missed(picture);
  }
}
