/** The second half of the gallery's states. */
import { walkGallery } from './gallery/walk-gallery.ts';

walkGallery(1);
