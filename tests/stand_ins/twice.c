#include <stdio.h>

/* Twice each float32 of its input, but 7 for 1. */
int main(void) {
    for (float x, y; fread(&x, sizeof x, 1, stdin);) {
        y = x == 1 ? 7 : 2 * x;
        fwrite(&y, sizeof y, 1, stdout);
    }
}
