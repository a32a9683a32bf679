/** The colours of the page as they hold now, in light or dark, by their names in the style sheet. */
export const readPalette = () => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    card: colour('card'),
    text: colour('text'),
    quiet: colour('quiet'),
    grid: colour('grid'),
    line: colour('line'),
    sensor: colour('sensor'),
    label: colour('label'),
    labelText: colour('label-text'),
    threshold: colour('threshold'),
    onActive: colour('on-active'),
    NORMAL: colour('normal'),
    SUSPECT: colour('suspect'),
    ACTIVE: colour('active'),
    CLEARING: colour('clearing'),
  };
};

/** Diagonal lines, so that what is marked by them is known by its texture and not by its colour alone. */
export const hatch = (context, colour, gap, width) => {
  const ratio = window.devicePixelRatio || 1;
  const size = Math.round(gap * ratio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  pen.strokeStyle = colour;
  pen.lineWidth = width * ratio;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat');
};
