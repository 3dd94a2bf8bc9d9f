// A window on the plane: what is seen of it, and how that is moved.

const FARTHEST = 100; // beyond, a generated formula could overflow where the function does not
const NEAREST = 1e-3; // six digits still tell two neighbouring ticks apart

export class View {
  constructor(home) {
    this.home = home; // () => [left, right, bottom, top]
    this.reset();
  }

  reset() {
    [this.left, this.right, this.bottom, this.top] = this.home();
  }

  get width() {
    return this.right - this.left;
  }

  get height() {
    return this.top - this.bottom;
  }

  // By fractions of what is seen.
  pan(across, up) {
    const dx = Math.min(Math.max(across * this.width, -FARTHEST - this.left), FARTHEST - this.right);
    const dy = up * this.height;
    this.left += dx;
    this.right += dx;
    this.bottom += dy;
    this.top += dy;
  }

  // By a factor, above 1 to see more; the point (x, y) stays where it is.
  zoom(factor, x = (this.left + this.right) / 2, y = (this.bottom + this.top) / 2) {
    factor = Math.min(Math.max(factor, NEAREST / this.width), (2 * FARTHEST) / this.width);
    this.left = Math.max(-FARTHEST, x + (this.left - x) * factor);
    this.right = Math.min(FARTHEST, x + (this.right - x) * factor);
    this.bottom = y + (this.bottom - y) * factor;
    this.top = y + (this.top - y) * factor;
  }
}
