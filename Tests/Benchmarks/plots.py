"""Line plots as SVG."""

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 44, 52


def line(points, title, label, unit):
    """Seconds against a number, through zero on both axes.

    `points` are pairs of a number and seconds; the number is shown in units of `unit`, under the name `label`.
    """
    most_x = max(x for x, _ in points)
    most_y = max(y for _, y in points) * 1.1

    def place(x, y):
        return (
            LEFT + x / most_x * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - y / most_y * (HEIGHT - TOP - BOTTOM),
        )

    def text(x, y, words, anchor="middle"):
        return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'

    left, bottom = place(0, 0)
    right, top = place(most_x, most_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="13" fill="#333">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        text(WIDTH / 2, 24, title),
        f'<path d="M{left:.0f} {top:.0f}V{bottom:.0f}H{right:.0f}" fill="none" stroke="#888"/>',
    ]
    for step in range(5):
        _, y = place(0, most_y * step / 4)
        parts.append(f'<path d="M{left:.0f} {y:.0f}H{right:.0f}" stroke="#ddd"/>')
        parts.append(text(left - 8, y + 4, f"{most_y * step / 4 * 1000:.0f} ms", "end"))
    free = WIDTH
    for x, y in reversed(points):
        words, (px, _) = f"{x / unit:g}", place(x, y)
        half = 4 * len(words)
        # Where points crowd, the larger number has the room.
        if px + half < free:
            parts.append(text(px, bottom + 18, words))
            free = px - half - 8
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in (place(x, y) for x, y in points))
    parts.append(f'<polyline points="{path}" fill="none" stroke="#1f6feb" stroke-width="2"/>')
    for x, y in points:
        px, py = place(x, y)
        parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="#1f6feb"/>')
    parts.append(text((left + right) / 2, HEIGHT - 12, label))
    return "\n".join(parts + ["</svg>"]) + "\n"
