package shop;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Items by JSON. */
@RestController
@RequestMapping("/items")
public class ItemController {
  private final Items items;

  ItemController(Items items) {
    this.items = items;
  }

  /** Lists them. */
  @GetMapping
  public List<Item> list(@RequestParam(defaultValue = "1000000") BigDecimal most) {
    return items.upTo(most);
  }

  /** One. */
  @GetMapping("/{id}")
  public ResponseEntity<Item> one(@PathVariable Long id) {
    return ResponseEntity.of(items.findById(id));
  }

  /** Adds one. */
  @PostMapping
  public ResponseEntity<Item> add(@RequestBody Item item) {
    Item saved = items.save(item);
    return ResponseEntity.created(URI.create("/items/" + saved.getId())).body(saved);
  }

  /** Adds one for each line of a file, or none. */
  @PostMapping("/import")
  @Transactional
  public String importAll(@RequestParam MultipartFile file) throws IOException {
    int added = 0;
    for (String line : new String(file.getBytes(), StandardCharsets.UTF_8).split("\n")) {
      String[] fields = line.split(";");
      Item item = new Item();
      item.setName(fields[0]);
      item.setPrice(new BigDecimal(fields[1]));
      items.saveAndFlush(item);
      added++;
    }
    return added + " added";
  }

  @ExceptionHandler(DataIntegrityViolationException.class)
  ResponseEntity<String> taken() {
    return ResponseEntity.status(HttpStatus.CONFLICT).body("there is one of this name");
  }
}
