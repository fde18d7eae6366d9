package physmem.bitmap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of the allocator, with their defaults. */
@ObjectClassDefinition(
    pid = "physmem.bitmap",
    name = "Bitmap frame allocator",
    description = "A bit per page frame; takes effect when the engine is opened")
@interface BitmapConfiguration {
  @AttributeDefinition(
      description =
          "where a search begins: next, behind the block handed out last; first, at the lowest"
              + " frame, which keeps what is live together and looks at more of the map")
  String fit() default "next";
}
